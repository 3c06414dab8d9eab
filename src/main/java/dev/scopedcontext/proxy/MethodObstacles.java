package dev.scopedcontext.proxy;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the methods of a class that its proxies cannot forward, because no class, or no class of another package, can
 * override them. The JVM would run them on the proxy itself, whose fields are all null or zero.
 *
 * <p>Private and static methods are never called on a proxy from outside of its class. {@code getClass}, {@code wait}
 * and {@code notify} apply to the proxy. Protected methods can always be overridden.
 */
final class MethodObstacles {

    private MethodObstacles() {
    }

    /** Returns the first method that cannot be forwarded, with the reason and a remedy, or null if there is none. */
    static @Nullable String obstacle(Class<?> type) {
        List<Method> below = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            List<Method> methods = instanceMethods(c);
            for (Method method : methods) {
                String obstacle = obstacle(type, method, below);
                if (obstacle != null) {
                    return "a proxy cannot forward " + described(method) + ", which is " + obstacle;
                }
            }
            below.addAll(methods);
        }
        return null;
    }

    /** Returns the methods that can be called on a proxy, in an order that does not depend on the JVM. */
    private static List<Method> instanceMethods(Class<?> c) {
        return Stream.of(c.getDeclaredMethods())
                .filter(method -> (method.getModifiers() & (Modifier.STATIC | Modifier.PRIVATE)) == 0)
                .sorted(comparing(Method::getName).thenComparing(Method::toString))
                .toList();
    }

    private static @Nullable String obstacle(Class<?> type, Method method, List<Method> below) {
        int modifiers = method.getModifiers();
        if (Modifier.isFinal(modifiers)) {
            // A final bridge calls the method that it stands for, which is checked itself.
            return method.isBridge() ? null : "final: make the method non-final";
        }
        if (isVisible(method) || below.stream().anyMatch(other -> isMadeVisible(method, other))) {
            return null;
        }
        if (!isSamePackage(type, method.getDeclaringClass())) {
            return "package-private in another package or class loader: make the method public";
        }
        String closed = Access.obstacleBeside(type);
        return closed == null ? null : "package-private, and " + closed + "make the method public";
    }

    private static boolean isVisible(Method method) {
        return (method.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    }

    /** Returns whether a method of a subclass overrides a package-private one, and can be overridden everywhere. */
    private static boolean isMadeVisible(Method method, Method below) {
        return isVisible(below) && below.getName().equals(method.getName())
                && below.getReturnType() == method.getReturnType()
                && Arrays.equals(below.getParameterTypes(), method.getParameterTypes())
                && isSamePackage(below.getDeclaringClass(), method.getDeclaringClass());
    }

    /** Returns whether one class can override package-private methods of another. */
    private static boolean isSamePackage(Class<?> one, Class<?> other) {
        return one.getClassLoader() == other.getClassLoader() && one.getPackageName().equals(other.getPackageName());
    }

    private static String described(Method method) {
        return Stream.of(method.getParameterTypes()).map(Class::getTypeName).collect(joining(", ",
                method.getDeclaringClass().getName() + "." + method.getName() + "(", ")"));
    }
}
