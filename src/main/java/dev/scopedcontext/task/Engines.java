package dev.scopedcontext.task;

import dev.scopedcontext.internal.Log;
import org.jspecify.annotations.Nullable;

/** Selects the engine that runs the subtasks of new scopes. */
final class Engines {

    private static final String PROPERTY = "scopedcontext.tasks";

    static final Engine PORTABLE = new PortableEngine("the thread factory and the limit of the scope need it");

    private static volatile Engine current = choose(System.getProperty(PROPERTY));

    private Engines() {
    }

    static Engine current() {
        return current;
    }

    /** Sets the engine, for tests that run on every engine. */
    static void use(Engine engine) {
        current = engine;
    }

    static Engine choose(@Nullable String asked) {
        if ("portable".equals(asked)) {
            return new PortableEngine("-D" + PROPERTY + "=portable is set");
        }
        if (asked != null) {
            Log.warn("-D" + PROPERTY + "=" + asked + " is unknown and ignored: use portable, or leave it out",
                    null);
        }
        Engine jdk = jdk();
        return jdk != null
                ? jdk
                : new PortableEngine("JDK " + Runtime.version().feature()
                        + " has no java.util.concurrent.StructuredTaskScope of a known shape");
    }

    /** Returns the JDK's engine, or null if this JDK does not support it. */
    static @Nullable Engine jdk() {
        try {
            return new JdkEngine();
        } catch (Exception | LinkageError notHere) {
            return null;
        }
    }
}
