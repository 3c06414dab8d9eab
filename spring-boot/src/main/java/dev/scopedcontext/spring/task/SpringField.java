package dev.scopedcontext.spring.task;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * A field of a class of Spring that holds a setting and has no getter.
 *
 * @param field the field, which is accessible
 * @param type the type of the value
 * @param <T> the type of the value
 */
record SpringField<T>(Field field, Class<T> type) {

    static <T> SpringField<T> of(Class<?> declaring, String name, Class<T> type) {
        Field field = ReflectionUtils.findField(declaring, name);
        if (field == null || !type.isAssignableFrom(field.getType())) {
            throw new IllegalStateException("In this version of Spring, " + declaring.getName() + " has no field \""
                    + name + "\" of " + type + ". Set scopedcontext.task.enabled=false, and wrap executors with"
                    + " ContextExecutors.propagating");
        }
        ReflectionUtils.makeAccessible(field);
        return new SpringField<>(field, type);
    }

    @Nullable
    T get(Object object) {
        return type.cast(ReflectionUtils.getField(field, object));
    }

    void set(Object object, T value) {
        ReflectionUtils.setField(field, object, value);
    }
}
