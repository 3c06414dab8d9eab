package dev.scopedcontext.proxy;

import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Checks the access to a type that the module system and access modifiers permit. */
final class Access {

    private static final Module OURS = Access.class.getModule();

    private Access() {
    }

    /** Tells whether code of this library may use the public members of a type. */
    static boolean isPublic(Class<?> type) {
        return isPublic(type, OURS);
    }

    static boolean isPublic(Class<?> type, Module user) {
        return Modifier.isPublic(type.getModifiers()) && type.getModule().isExported(type.getPackageName(), user);
    }

    /** Tells whether code of this library may use all members of a type, and define classes beside it. */
    static boolean isOpen(Class<?> type) {
        return type.getModule().isOpen(type.getPackageName(), OURS);
    }

    /** Tells whether a class beside a type could use the public types of this library. */
    static boolean seesUs(Class<?> type) {
        try {
            return type.getModule().canRead(OURS)
                    && Class.forName(Access.class.getName(), false, type.getClassLoader()) == Access.class;
        } catch (ClassNotFoundException | LinkageError unseen) {
            return false;
        }
    }

    /** Returns the reason why no class can be defined beside a type, with a remedy, or null if one can be. */
    static @Nullable String obstacleBeside(Class<?> type) {
        if (!seesUs(type)) {
            return "its module or class loader does not see this library: ";
        }
        return isOpen(type) ? null : "its package is closed to this library: " + opens(type) + ", ";
    }

    /** Checks that code of this library may use the members that a proxy of a type has to call. */
    static void ensureOpen(Class<?> type, Class<?> declaring) {
        if (!isOpen(declaring)) {
            throw new IllegalArgumentException(type.getName() + " cannot be proxied, since " + declaring.getName()
                    + " is closed to this library: " + opens(declaring) + ", or make it public and export it");
        }
    }

    private static String opens(Class<?> type) {
        return "add \"opens " + type.getPackageName() + (OURS.isNamed() ? " to " + OURS.getName() : "") + ";\" to "
                + type.getModule();
    }
}
