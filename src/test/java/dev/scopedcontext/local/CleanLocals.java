package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Checks that a test leaves nothing of its locals, which are its fields, in its thread. */
public final class CleanLocals implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) throws ReflectiveOperationException {
        Object test = context.getRequiredTestInstance();
        for (Field field : test.getClass().getDeclaredFields()) {
            if (ContextLocal.class.isAssignableFrom(field.getType())) {
                field.setAccessible(true);
                ContextLocal local = (ContextLocal) field.get(test);
                assertThat(left(local)).as("what is left of " + local).isEmpty();
            }
        }
    }

    /** Returns what this thread holds of a local. */
    public static List<Object> left(ContextLocal local) throws ReflectiveOperationException {
        List<Object> left = new ArrayList<>();
        for (String name : List.of("ofThread", "copied")) {
            Field field = ContextTables.class.getDeclaredField(name);
            field.setAccessible(true);
            left.add(((ThreadLocal<?>) field.get(local.tables)).get());
        }
        left.removeIf(Objects::isNull);
        return left;
    }
}
