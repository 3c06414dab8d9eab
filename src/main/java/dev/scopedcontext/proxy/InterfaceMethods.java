package dev.scopedcontext.proxy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;

/**
 * The methods of an interface that its dynamic proxies forward, looked up by this library.
 *
 * <p>Any code can call a handler with any {@code Method} object. Only the objects in this table are made accessible and
 * invoked, and they are never passed on.
 */
final class InterfaceMethods {

    /** The methods to invoke, by equal objects. */
    private final Map<Method, Method> methods;

    private InterfaceMethods(Map<Method, Method> methods) {
        this.methods = methods;
    }

    /**
     * Looks up the methods of an interface.
     *
     * @throws IllegalArgumentException if this library has no access to one of them
     */
    static InterfaceMethods of(Class<?> type) {
        Map<Method, Method> methods = new HashMap<>();
        for (Method method : type.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                ensureAccess(type, method);
                methods.put(method, method);
            }
        }
        return new InterfaceMethods(methods);
    }

    private static void ensureAccess(Class<?> type, Method method) {
        Class<?> declaring = method.getDeclaringClass();
        if (!Access.isPublic(declaring)) {
            Access.ensureOpen(type, declaring);
        }
        method.setAccessible(true);
    }

    /**
     * Returns the method to invoke when a given one is called.
     *
     * @throws IllegalArgumentException if the given one is not a method of the interface
     */
    Method find(Method called) {
        Method method = methods.get(called);
        if (method == null) {
            throw refused(called);
        }
        return method;
    }

    static IllegalArgumentException refused(Method called) {
        return new IllegalArgumentException(called + " is not a method that this proxy forwards: call the methods of"
                + " the proxy, not its handler");
    }
}
