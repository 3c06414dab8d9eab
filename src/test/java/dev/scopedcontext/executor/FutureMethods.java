package dev.scopedcontext.executor;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The methods of {@code CompletableFuture} on the running JDK. */
final class FutureMethods {

    /** The methods that take a function. */
    static final List<Method> STAGES = methods(true);

    /** The other methods, each of which is a step of its own or is shown after each step. */
    private static final Set<String> OTHERS = Set.of("complete", "completeExceptionally", "cancel", "obtrudeValue",
            "obtrudeException", "copy", "toCompletableFuture", "minimalCompletionStage", "newIncompleteFuture",
            "orTimeout", "completeOnTimeout", "get", "defaultExecutor", "isDone", "isCancelled",
            "isCompletedExceptionally", "getNow", "join", "getNumberOfDependents", "resultNow", "exceptionNow", "state",
            "toString");

    private FutureMethods() {
    }

    private static List<Method> methods(boolean withFunction) {
        return Arrays.stream(CompletableFuture.class.getMethods())
                .filter(m -> !Modifier.isStatic(m.getModifiers()) && !m.isBridge()
                        && m.getDeclaringClass() != Object.class)
                .filter(m -> Arrays.stream(m.getParameterTypes()).anyMatch(FutureMethods::isFunction) == withFunction)
                .sorted(Comparator.comparing(Method::toString)).toList();
    }

    private static boolean isFunction(Class<?> type) {
        return type == Runnable.class || type.getPackageName().equals("java.util.function");
    }

    /** Returns the methods of {@code CompletableFuture} on this JDK that no program uses. */
    static List<Method> unused() {
        return methods(false).stream().filter(m -> !OTHERS.contains(m.getName())).toList();
    }
}
