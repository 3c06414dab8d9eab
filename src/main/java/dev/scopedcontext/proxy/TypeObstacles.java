package dev.scopedcontext.proxy;

import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Refuses types that no other class can implement or extend with all their methods. */
final class TypeObstacles {

    private TypeObstacles() {
    }

    static void check(Class<?> type) {
        String obstacle = obstacle(type);
        if (obstacle != null) {
            throw refused(type, obstacle + ": ");
        }
        String method = type.isInterface() ? null : methodObstacle(type);
        if (method != null) {
            throw refused(type, method + ", ");
        }
    }

    private static @Nullable String methodObstacle(Class<?> type) {
        try {
            return MethodObstacles.obstacle(type);
        } catch (LinkageError missing) {
            IllegalArgumentException refused = refused(type, "its methods cannot be looked up (" + missing + "): ");
            refused.initCause(missing);
            throw refused;
        }
    }

    private static IllegalArgumentException refused(Class<?> type, String reason) {
        return new IllegalArgumentException(type.getName() + " cannot be proxied, since " + reason
                + "proxy an interface that it implements, or keep the key or supplier and call its get()");
    }

    private static @Nullable String obstacle(Class<?> type) {
        if (type.isPrimitive()) {
            return "it is a primitive type";
        }
        if (type.isArray()) {
            return "it is an array";
        }
        if (type.isRecord()) {
            return "it is a record, which no class can extend";
        }
        if (type.isEnum()) {
            return "it is an enum, which has no instances except its constants";
        }
        if (type.isSealed()) {
            return "it is sealed, and permits no further subclasses";
        }
        if (type.isHidden()) {
            return "it is a hidden class, which no other class can name";
        }
        return Modifier.isFinal(type.getModifiers()) ? "it is a final class, which no other class can extend" : null;
    }
}
