package dev.scopedcontext.task;

import java.lang.reflect.InvocationTargetException;

/** A {@code ScopedValue} of the user's own, reached by reflection, since the tests are compiled for JDK 17. */
final class PlainScopedValue {

    private static final Class<?> TYPE = type("java.lang.ScopedValue");
    private static final Class<?> CARRIER = type("java.lang.ScopedValue$Carrier");

    private final Object value;

    PlainScopedValue() {
        try {
            value = TYPE.getMethod("newInstance").invoke(null);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("JDK " + Runtime.version() + " should have it", failure);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException failure) {
            throw new LinkageError("JDK " + Runtime.version() + " should have it", failure);
        }
    }

    /** Something to run that may throw what it likes. */
    interface Body {
        void run() throws Exception;
    }

    /** Runs something with the value bound. */
    void bind(String bound, Body body) throws Exception {
        Object carrier = TYPE.getMethod("where", TYPE, Object.class).invoke(null, value, bound);
        Exception[] thrown = new Exception[1];
        try {
            CARRIER.getMethod("run", Runnable.class).invoke(carrier, (Runnable) () -> {
                try {
                    body.run();
                } catch (Exception failure) {
                    thrown[0] = failure;
                }
            });
        } catch (InvocationTargetException failure) {
            throw (Exception) failure.getCause();
        }
        if (thrown[0] != null) {
            throw thrown[0];
        }
    }

    /** Returns what is bound, or "nothing". */
    String seen() {
        try {
            return (String) TYPE.getMethod("orElse", Object.class).invoke(value, "nothing");
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("JDK " + Runtime.version() + " should have it", failure);
        }
    }
}
