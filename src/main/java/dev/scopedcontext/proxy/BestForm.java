package dev.scopedcontext.proxy;

import dev.scopedcontext.internal.Log;

/** Creates generated proxies if possible. Otherwise creates dynamic proxies, which can only implement interfaces. */
final class BestForm implements ProxyForm {

    @Override
    public <T> T make(Class<T> type, Target target) {
        try {
            return new GeneratedProxies().make(type, target);
        } catch (RuntimeException | LinkageError obstacle) {
            // Byte Buddy or Objenesis is absent, incomplete or too old, or only a dynamic proxy can implement the type.
            Log.debug("No generated proxy of " + type.getName(), obstacle);
            if (type.isInterface()) {
                return new DynamicProxies().make(type, target);
            }
            throw obstacle instanceof IllegalArgumentException refused ? refused : unable(type, obstacle);
        }
    }

    private static IllegalArgumentException unable(Class<?> type, Throwable obstacle) {
        return new IllegalArgumentException(type.getName() + " cannot be proxied, since it is a class, and "
                + (isAbsence(obstacle)
                        ? "proxies of classes need Byte Buddy and Objenesis: add net.bytebuddy:byte-buddy and"
                                + " org.objenesis:objenesis (in a modular program also --add-modules"
                                + " net.bytebuddy,org.objenesis,jdk.unsupported), or"
                        : "none could be generated (" + obstacle + "):")
                + " proxy an interface that it implements", obstacle);
    }

    /** Returns whether one of the optional libraries is absent or incomplete. */
    private static boolean isAbsence(Throwable obstacle) {
        String missing = obstacle instanceof NoClassDefFoundError ? obstacle.getMessage() : null;
        return missing != null && (missing.startsWith("net/bytebuddy/") || missing.startsWith("org/objenesis/"));
    }
}
