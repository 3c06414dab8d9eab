package dev.scopedcontext.executor;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A random program over futures, on one thread: tasks of its executor wait in a queue until a step runs them. The same
 * seed makes the same program for both kinds of futures.
 */
@SuppressWarnings("CollectionUndefinedEquality") // futures are equal if they are the same
final class FutureProgram {

    static final ContextKey<Integer> STEP = ContextKey.named("step");

    final boolean ours;
    final List<CompletableFuture<Object>> futures = new ArrayList<>();
    private final Random random;
    private final List<String> said = new ArrayList<>();
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final Executor queued = this::enqueue;
    private final List<CompletableFuture<Object>> sources = new ArrayList<>();
    private int step;

    FutureProgram(long seed, boolean ours) {
        this.random = new Random(seed);
        this.ours = ours;
    }

    /** Runs the program and returns what was seen. */
    String transcript() {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            addSource();
        }
        for (int steps = 4 + random.nextInt(20); steps > 0; steps--) {
            int now = ++step;
            ScopedContext.where(STEP, now).run(() -> {
                step();
                checkContext(now);
                show();
            });
        }
        while (!queue.isEmpty()) {
            queue.poll().run();
        }
        show();
        checkContext(0);
        return String.join("\n", said);
    }

    void say(String line) {
        said.add(line);
    }

    /** Checks that the thread, or a function of ours, sees what was bound in a step; 0 for nothing. */
    void checkContext(int expected) {
        int seen = STEP.orElse(0);
        if (ours && seen != expected) {
            say("sees step " + seen + " instead of " + expected);
        }
    }

    private void show() {
        for (int i = 0; i < futures.size(); i++) {
            say("  " + i + ": " + FutureOutcome.of(futures.get(i)));
        }
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4, 5, 6 -> addStage(some());
            case 7 -> complete(some());
            case 8 -> completeSource();
            case 9, 10 -> runQueued();
            case 11 -> join(some(), some());
            case 12 -> timeOut(some());
            case 13 -> derive(some());
            case 14 -> interruptedGet(some());
            default -> addSource();
        }
    }

    private CompletableFuture<Object> some() {
        return futures.get(random.nextInt(futures.size()));
    }

    // Where futures come from.

    /** Adds a future that comes from elsewhere: for the JDK that itself, and for this library a wrapper of it. */
    @SuppressWarnings("unchecked")
    private void addSource() {
        int kind = random.nextInt(8);
        say("source " + kind);
        switch (kind) {
            case 0, 1 -> addWrapped(new QueuedFuture(queued));
            case 2 -> addWrapped(CompletableFuture.completedFuture(FutureOutcome.value(random)));
            case 3 -> addWrapped(CompletableFuture.failedFuture(FutureOutcome.failure(random)));
            case 4 -> addWrapped(new CompletableFuture<>().thenApply(x -> x));
            case 5 -> addWrapped(CompletableFuture.failedFuture(FutureOutcome.failure(random)).thenApply(x -> x));
            case 6 -> {
                Supplier<Object> supplier = function(Supplier.class, false);
                Executor executor = executor(queued);
                futures.add(ours
                        ? ContextExecutors.supplyAsync(supplier, executor)
                        : CompletableFuture.supplyAsync(supplier, executor));
            }
            default -> {
                Runnable action = function(Runnable.class, false);
                Executor executor = executor(queued);
                futures.add(any(ours
                        ? ContextExecutors.runAsync(action, executor)
                        : CompletableFuture.runAsync(action, executor)));
            }
        }
    }

    private void addWrapped(CompletableFuture<Object> source) {
        sources.add(source);
        futures.add(ours ? ContextExecutors.propagatingStage(source) : source);
    }

    /** As {@link #addWrapped}, for a future with other stages: one relay more has an effect on their order. */
    private void addRelayed(CompletableFuture<Object> source) {
        futures.add(ours ? ContextExecutors.propagatingStage(source) : new RelayFuture(source));
    }

    private void join(CompletableFuture<Object> one, CompletableFuture<Object> other) {
        boolean all = random.nextBoolean();
        say((all ? "allOf " : "anyOf ") + futures.indexOf(one) + " " + futures.indexOf(other));
        addRelayed(all ? any(CompletableFuture.allOf(one, other)) : CompletableFuture.anyOf(one, other));
    }

    private void derive(CompletableFuture<Object> future) {
        int how = random.nextInt(4);
        say("derive " + how + " from " + futures.indexOf(future));
        switch (how) {
            case 0 -> futures.add(future.copy());
            case 1 -> say("  same " + (future.toCompletableFuture() == future));
            case 2 -> addRelayed(future.minimalCompletionStage().toCompletableFuture());
            default -> futures.add(future.newIncompleteFuture());
        }
        say("  in the queue " + (future.defaultExecutor() == queued));
    }

    private void addStage(CompletableFuture<Object> future) {
        Method method = FutureMethods.STAGES.get(random.nextInt(FutureMethods.STAGES.size()));
        boolean ofDefault = method.getName().endsWith("Async")
                && !Arrays.asList(method.getParameterTypes()).contains(Executor.class);
        @Nullable
        Object[] arguments = Arrays.stream(method.getParameterTypes()).map(type -> argument(type, method)).toArray();
        say(step + ": " + futures.indexOf(future) + "." + method.getName() + " " + method.getParameterCount());
        if (!ofDefault || future.defaultExecutor() == queued) {
            call(method, future, arguments);
        }
    }

    private void call(Method method, CompletableFuture<Object> future, @Nullable Object[] arguments) {
        boolean foreign = !future.isDone() && method.getName().contains("Either") && isForeignAndDone(arguments[0]);
        try {
            CompletableFuture<Object> stage = any((CompletableFuture<?>) method.invoke(future, arguments));
            if (stage != future) {
                say(!ours || stage instanceof ContextFuture ? "  new" : "  a plain stage");
                futures.add(foreign && !ours ? new RelayFuture(stage) : stage);
            }
        } catch (InvocationTargetException failure) {
            say("  throws " + FutureOutcome.describe(failure.getCause()));
        } catch (IllegalAccessException failure) {
            throw new LinkageError(failure.getMessage(), failure);
        }
    }

    /** Tells whether a stage makes the new one, instead of the future that it is given to; ours wraps it then. */
    @SuppressWarnings("SuspiciousMethodCalls")
    private boolean isForeignAndDone(@Nullable Object other) {
        return other instanceof CompletionStage<?> stage && !futures.contains(other)
                && stage.toCompletableFuture().isDone();
    }

    private @Nullable Object argument(Class<?> type, Method method) {
        if (random.nextInt(40) == 0) {
            return null;
        }
        if (type == CompletionStage.class) {
            CompletableFuture<Object> other = some();
            return switch (random.nextInt(6)) {
                case 0 -> other.minimalCompletionStage();
                case 1 -> CompletableFuture.completedFuture(FutureOutcome.value(random));
                case 2 -> new CompletableFuture<>();
                default -> other;
            };
        }
        return type == Executor.class ? executor() : function(type, method.getName().contains("Compose"));
    }

    private Executor executor() {
        return switch (random.nextInt(6)) {
            case 0 -> Runnable::run;
            case 1 -> task -> {
                throw new RejectedExecutionException("full");
            };
            default -> executor(queued);
        };
    }

    private Executor executor(Executor executor) {
        return random.nextBoolean() && ours ? ContextExecutors.propagating(executor) : executor;
    }

    private <F> F function(Class<F> type, boolean composes) {
        return type.cast(FutureFunction.random(this, type, composes, random, step));
    }

    // What happens to them.

    private void enqueue(Runnable task) {
        say("  queued " + (task instanceof CompletableFuture.AsynchronousCompletionTask));
        queue.add(task);
    }

    private void runQueued() {
        for (int tasks = 1 + random.nextInt(3); tasks > 0 && !queue.isEmpty(); tasks--) {
            say("run a task");
            queue.poll().run();
            checkContext(step);
        }
    }

    private void complete(CompletableFuture<Object> future) {
        int how = random.nextInt(6);
        say("complete " + how + " " + futures.indexOf(future));
        switch (how) {
            case 0 -> say("  " + future.complete(FutureOutcome.value(random)));
            case 1 -> say("  " + future.completeExceptionally(FutureOutcome.failure(random)));
            case 2, 3 -> say("  " + future.cancel(random.nextBoolean()));
            case 4 -> future.obtrudeValue(FutureOutcome.value(random));
            default -> future.obtrudeException(FutureOutcome.failure(random));
        }
    }

    private void completeSource() {
        if (sources.isEmpty()) {
            return;
        }
        CompletableFuture<Object> source = sources.get(random.nextInt(sources.size()));
        say("complete a source");
        if (random.nextBoolean()) {
            source.complete(FutureOutcome.value(random));
        } else {
            source.completeExceptionally(FutureOutcome.failure(random));
        }
    }

    /** Lets the time run out only for a future without stages, since these would run on the thread of the timer. */
    private void timeOut(CompletableFuture<Object> future) {
        boolean fires = random.nextBoolean() && future.getNumberOfDependents() == 0;
        boolean fails = random.nextBoolean();
        say("timeout " + fires + " " + fails + " " + futures.indexOf(future));
        long time = fires ? random.nextInt(2) : TimeUnit.DAYS.toNanos(1);
        CompletableFuture<Object> same = fails
                ? future.orTimeout(time, TimeUnit.NANOSECONDS)
                : future.completeOnTimeout(FutureOutcome.value(random), time, TimeUnit.NANOSECONDS);
        say("  same " + (same == future));
        while (fires && (!future.isDone() || future.getNumberOfDependents() > 0)) {
            Thread.onSpinWait();
        }
    }

    private void interruptedGet(CompletableFuture<Object> future) {
        Thread.currentThread().interrupt();
        say("interrupted " + futures.indexOf(future) + " " + FutureOutcome.attempt(
                () -> random.nextBoolean() && future.isDone() ? future.get() : future.get(1, TimeUnit.DAYS)));
        say("  status " + Thread.interrupted());
    }

    @SuppressWarnings("unchecked")
    static CompletableFuture<Object> any(CompletableFuture<?> future) {
        return (CompletableFuture<Object>) future;
    }
}
