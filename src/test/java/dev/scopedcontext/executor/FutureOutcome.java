package dev.scopedcontext.executor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The outcomes of futures in random programs, and everything that a future shows of its own, in words. */
final class FutureOutcome {

    /** What {@code Future} has from JDK 19 on. */
    private static final List<Method> OF_JDK_19 = methods("state", "resultNow", "exceptionNow");

    private FutureOutcome() {
    }

    private static List<Method> methods(String... names) {
        return Arrays.stream(Future.class.getMethods()).filter(method -> List.of(names).contains(method.getName()))
                .sorted(Comparator.comparing(Method::getName)).toList();
    }

    /** Makes a result. */
    static @Nullable Object value(Random random) {
        int value = random.nextInt(4);
        return value == 0 ? null : (Object) value;
    }

    /** Makes a failure of some kind. */
    static Throwable failure(Random random) {
        IllegalStateException planted = new IllegalStateException("planted " + random.nextInt(100));
        return switch (random.nextInt(5)) {
            case 0 -> new CompletionException(planted);
            case 1 -> new CancellationException("planted");
            case 2 -> new AssertionError("planted");
            default -> planted;
        };
    }

    static String of(CompletableFuture<Object> future) {
        StringBuilder outcome = new StringBuilder();
        outcome.append(future.isDone() ? "done " : "open ").append(future.isCancelled() ? "cancelled " : "")
                .append(future.isCompletedExceptionally() ? "failed " : "").append(attempt(() -> future.getNow(-1)))
                .append(' ').append(attempt(() -> future.get(0, TimeUnit.NANOSECONDS)));
        if (future.isDone()) {
            outcome.append(' ').append(attempt(future::join)).append(' ').append(attempt(future::get));
        }
        for (Method method : OF_JDK_19) {
            outcome.append(' ').append(attempt(() -> invoke(method, future)));
        }
        String text = future.toString();
        return outcome.append(' ').append(future.getNumberOfDependents()).append(' ')
                .append(text.substring(text.indexOf('['))).toString();
    }

    private static Object invoke(Method method, Object target) throws Exception {
        try {
            return method.invoke(target);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        }
    }

    static String attempt(Callable<@Nullable Object> operation) {
        try {
            Object result = operation.call();
            return result instanceof Throwable failure ? describe(failure) : String.valueOf(result);
        } catch (Throwable failure) {
            return describe(failure);
        }
    }

    /** Returns the classes of a failure and its causes, and the messages of those that are planted. */
    static String describe(@Nullable Throwable failure) {
        StringBuilder description = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            description.append('<').append(cause.getClass().getSimpleName())
                    .append(message != null && message.startsWith("planted") ? " " + message : "");
            for (Throwable suppressed : cause.getSuppressed()) {
                description.append(" + ").append(describe(suppressed));
            }
        }
        return description.toString();
    }
}
