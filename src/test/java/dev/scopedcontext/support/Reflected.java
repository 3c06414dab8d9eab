package dev.scopedcontext.support;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Calls methods that tests cannot be compiled against, and throws their exceptions. */
public final class Reflected {

    private Reflected() {
    }

    /** Returns a class of the running JDK. */
    public static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException failure) {
            throw new LinkageError("JDK " + Runtime.version() + " should have it", failure);
        }
    }

    /** Returns a public method of the running JDK. */
    public static Method method(Class<?> type, String name, Class<?>... parameters) {
        try {
            return type.getMethod(name, parameters);
        } catch (NoSuchMethodException failure) {
            throw new LinkageError("JDK " + Runtime.version() + " should have it", failure);
        }
    }

    /** Invokes a method. Its exceptions propagate, including checked ones. */
    public static Object invoke(Method method, @Nullable Object target, @Nullable Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw sneak(failure.getCause());
        } catch (IllegalAccessException failure) {
            throw new LinkageError(method + " should be accessible", failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException sneak(Throwable failure) throws X {
        throw (X) failure;
    }
}
