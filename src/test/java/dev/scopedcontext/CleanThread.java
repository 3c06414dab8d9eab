package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.OnThread;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test on a thread that has never bound a value, like a new thread of a server. Checks that the test leaves
 * no bindings and no object of the library on it.
 */
public class CleanThread implements AfterEachCallback, InvocationInterceptor {

    @Override
    public void interceptTestMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        OnThread.proceed(Thread::new, invocation, CleanThread::ensureClean);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        OnThread.proceed(Thread::new, invocation, CleanThread::ensureClean);
    }

    @Override
    public void afterEach(ExtensionContext context) throws ReflectiveOperationException {
        ensureClean();
    }

    private static void ensureClean() throws ReflectiveOperationException {
        assertThat(ScopedContext.capture().keys()).as("what is still bound").isEmpty();
        assertThat(Current.scope()).as("the scope that is still open").isNull();
        assertThat(cell()).as("the scope that is still in the thread's cell").isNull();
    }

    /** Returns whether the calling thread has no scope and holds nothing for the library. */
    public static boolean isClean() {
        try {
            return Current.scope() == null && cell() == null;
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("There is one", failure);
        }
    }

    /** Returns the state that the thread holds for the library; an empty array after the outermost exit (J19). */
    static Object cell() throws ReflectiveOperationException {
        Field field = ThreadSlot.class.getDeclaredField("CELL");
        field.setAccessible(true);
        Object[] cell = (Object[]) ((ThreadLocal<?>) field.get(null)).get();
        return cell == null ? null : Stream.of(cell).filter(Objects::nonNull).findFirst().orElse(null);
    }
}
