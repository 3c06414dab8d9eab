package dev.scopedcontext.executor;

import dev.scopedcontext.ScopedContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A function of a {@link FutureProgram}, of any functional type. What it does is decided when it is made.
 *
 * @param program the program
 * @param step the step that adds its stage
 * @param action what it does
 * @param result what it returns, null included
 * @param failure what it throws
 * @param other the future that it completes or returns
 * @param composes whether it returns a stage
 */
record FutureFunction(FutureProgram program, int step, int action, @Nullable Object result, Throwable failure,
        @Nullable CompletableFuture<Object> other, boolean composes) implements InvocationHandler {

    static Object random(FutureProgram program, Class<?> type, boolean composes, Random random, int step) {
        int futures = program.futures.size();
        CompletableFuture<Object> other = futures == 0 ? null : program.futures.get(random.nextInt(futures));
        FutureFunction function = new FutureFunction(program, step, random.nextInt(8), FutureOutcome.value(random),
                FutureOutcome.failure(random), other, composes);
        return Proxy.newProxyInstance(FutureFunction.class.getClassLoader(), new Class<?>[]{type}, function);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return method.getName().equals("toString") ? "function of step " + step : (Object) step;
        }
        StringBuilder given = new StringBuilder("  function of step " + step);
        for (Object argument : arguments == null ? new Object[0] : arguments) {
            given.append(' ').append(FutureOutcome.attempt(() -> argument));
        }
        program.say(given.toString());
        program.checkContext(step);
        return act();
    }

    private @Nullable Object act() throws Throwable {
        switch (action) {
            case 0, 1 -> throw failure;
            case 2 -> {
                if (other != null) {
                    program.say("  completes another " + other.complete(result));
                }
            }
            case 3 -> ScopedContext.where(FutureProgram.STEP, -1).run(() -> program.checkContext(-1));
            default -> {
            }
        }
        return composes ? stage() : result;
    }

    private @Nullable Object stage() {
        return switch (action) {
            case 4 -> other;
            case 5 -> CompletableFuture.completedStage(result);
            case 6 -> CompletableFuture.failedFuture(failure);
            case 7 -> null;
            default -> other == null ? null : other.minimalCompletionStage();
        };
    }
}
