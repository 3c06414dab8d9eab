package dev.scopedcontext.proxy;

import dev.scopedcontext.internal.Log;

/** Has classes of proxies generated if that is possible, and else, for interfaces, makes dynamic proxies. */
final class BestForm implements ProxyForm {

    @Override
    public <T> T make(Class<T> type, Target target) {
        try {
            return new GeneratedProxies().make(type, target);
        } catch (RuntimeException | LinkageError obstacle) {
            // Byte Buddy or Objenesis is absent, or a part of it, or it is too old for what is asked of it here; or
            // the type is one that only a dynamic proxy can stand for.
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

    /** Tells whether one of the optional libraries, or a part of it, is not there. */
    private static boolean isAbsence(Throwable obstacle) {
        String missing = obstacle instanceof NoClassDefFoundError ? obstacle.getMessage() : null;
        return missing != null && (missing.startsWith("net/bytebuddy/") || missing.startsWith("org/objenesis/"));
    }
}
