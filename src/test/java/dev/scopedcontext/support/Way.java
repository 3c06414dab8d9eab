package dev.scopedcontext.support;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ways of the root package to hand context over to another thread. */
public final class Way {

    private final String name;
    private final ThreadFactory kind;
    private final boolean strict;
    private final HandOver handOver;

    private Way(String name, ThreadFactory kind, boolean strict, HandOver handOver) {
        this.name = name;
        this.kind = kind;
        this.strict = strict;
        this.handOver = handOver;
    }

    /** Returns all ways, on every kind of thread. */
    public static List<Way> all() {
        List<Way> ways = new ArrayList<>();
        for (ThreadFactory kind : OnThread.kinds()) {
            String thread = kind.newThread(() -> {
            }).toString().startsWith("Virtual") ? " on a virtual thread" : " on a platform thread";
            add(ways, thread, kind, true, Way::wrapped);
            add(ways, thread, kind, true, Way::executors);
            add(ways, thread, kind, true, Way::futures);
            add(ways, thread, kind, false, Way::withoutFuture);
            add(ways, thread, kind, false, Way::fallbacks);
        }
        return ways;
    }

    /** Returns the ways that fail without running the body if the context cannot be entered. */
    public static List<Way> strict() {
        return all().stream().filter(way -> way.strict).toList();
    }

    /** Returns the ways that always run the body. Reading a refused value throws the failure. */
    public static List<Way> lenient() {
        return all().stream().filter(way -> !way.strict).toList();
    }

    private static void add(List<Way> ways, String thread, ThreadFactory kind, boolean strict, Consumer<Names> some) {
        some.accept((name, handOver) -> ways.add(new Way(name + thread, kind, strict, handOver)));
    }

    private static void wrapped(Names add) {
        add.wrap("snapshot.run", (now, body) -> Executors.callable(() -> now.run(body), "done"));
        add.wrap("snapshot.call", (now, body) -> () -> now.call(returning(body)::get));
        add.wrap("wrap(Runnable)", (now, body) -> Executors.callable(now.wrap(body), "done"));
        add.wrap("wrap(Callable)", (now, body) -> now.wrap(Executors.callable(body, "done")));
        add.wrap("wrapSupplier", (now, body) -> now.wrapSupplier(returning(body))::get);
        add.wrap("wrapFunction", (now, body) -> {
            Function<String, String> task = now.wrapFunction(argument -> argument + returning(body).get());
            return () -> task.apply("x");
        });
        add.wrap("wrapBiFunction", (now, body) -> {
            var task = now.wrapBiFunction((String one, String other) -> one + other + returning(body).get());
            return () -> task.apply("x", "y");
        });
        add.wrap("wrapConsumer", (now, body) -> {
            var task = now.wrapConsumer((String argument) -> body.run());
            return Executors.callable(() -> task.accept("x"), "done");
        });
        add.wrap("wrapBiConsumer", (now, body) -> {
            var task = now.wrapBiConsumer((String one, String other) -> body.run());
            return Executors.callable(() -> task.accept("x", "y"), "done");
        });
        add.wrap("wrapPredicate", (now, body) -> {
            var task = now.wrapPredicate((String argument) -> !returning(body).get().equals(argument));
            return () -> task.test("x");
        });
    }

    private static void executors(Names add) {
        add.executor("submit(Runnable)", (executor, body) -> Worker.get(executor.submit(body)));
        add.executor("submit(Runnable, T)", (executor, body) -> Worker.get(executor.submit(body, "done")));
        add.executor("submit(Callable)",
                (executor, body) -> Worker.get(executor.submit(Executors.callable(body, "done"))));
        add.executor("invokeAll", (executor, body) -> Worker.get(executor.invokeAll(tasks(body)).get(0)));
        add.executor("invokeAll with timeout",
                (executor, body) -> Worker.get(executor.invokeAll(tasks(body), 1, MINUTES).get(0)));
        add.executor("invokeAny", (executor, body) -> failingAsTheTask(() -> executor.invokeAny(tasks(body))));
        add.executor("invokeAny with timeout",
                (executor, body) -> failingAsTheTask(() -> executor.invokeAny(tasks(body), 1, MINUTES)));
        add.executor("schedule(Runnable)",
                (executor, body) -> Worker.get(executor.schedule(body, 1, NANOSECONDS)));
        add.executor("schedule(Callable)",
                (executor, body) -> Worker.get(executor.schedule(Executors.callable(body, "done"), 1, NANOSECONDS)));
        add.periodic("scheduleAtFixedRate", (executor, body) -> executor.scheduleAtFixedRate(body, 0, 1, DAYS));
        add.periodic("scheduleWithFixedDelay", (executor, body) -> executor.scheduleWithFixedDelay(body, 0, 1, DAYS));
    }

    private static void withoutFuture(Names add) {
        add.running("propagating(Executor)",
                (starts, body) -> ContextExecutors.propagating((Executor) starts::accept).execute(body));
        add.running("fixed(Executor)", (starts, body) -> ContextExecutors
                .fixed((Executor) starts::accept, ScopedContext.capture()).execute(body));
        add.running("propagating(ThreadFactory)",
                (starts, body) -> ContextExecutors.propagatingFactory((ThreadFactory) task -> {
                    starts.accept(task);
                    return null;
                }).newThread(body));
    }

    private static void futures(Names add) {
        add.way("supplyAsync", (worker, body) -> Worker.get(ContextExecutors.supplyAsync(returning(body), worker)));
        add.way("runAsync", (worker, body) -> Worker.<@Nullable Void>get(ContextExecutors.runAsync(body, worker)));
        add.way("runAsync with a propagating executor",
                (worker, body) -> Worker
                        .<@Nullable Void>get(ContextExecutors.runAsync(body, ContextExecutors.propagating(worker))));
        add.way("thenRun", (worker, body) -> {
            CompletableFuture<String> first = new CompletableFuture<>();
            CompletableFuture<Void> stage = ContextExecutors.propagatingStage(first).thenRun(body);
            Worker.get(worker.submit(() -> first.complete("done")));
            Worker.get(stage);
        });
        add.way("thenRunAsync", (worker, body) -> Worker.get(
                ContextExecutors.propagatingStage(CompletableFuture.completedFuture("done")).thenRunAsync(body,
                        worker)));
    }

    private static void fallbacks(Names add) {
        add.stage("whenComplete", true, (future, body) -> future.whenComplete((result, failure) -> body.run()));
        add.stage("handle", true, (future, body) -> future.handle((result, failure) -> returning(body).get()));
        add.stage("exceptionally", false, (future, body) -> future.exceptionally(failure -> returning(body).get()));
        add.stage("exceptionallyCompose", false, (future, body) -> future
                .exceptionallyCompose(failure -> CompletableFuture.completedFuture(returning(body).get())));
    }

    /**
     * Captures the context of the caller, runs a body in it on another thread, and waits for its end. Exceptions of the
     * body, and of entering and leaving the context, are thrown. The thread has a context of its own, which is restored
     * afterwards.
     */
    public void run(Runnable body) {
        try (Worker worker = new Worker(kind)) {
            run(worker, body);
        }
    }

    /** Does the same on a given worker. */
    public void run(Worker worker, Runnable body) {
        try {
            handOver.run(worker, body);
        } catch (Exception failure) {
            Failures.throwIfAny(failure);
        }
    }

    /** Returns the factory of its thread. */
    public ThreadFactory kind() {
        return kind;
    }

    @Override
    public String toString() {
        return name;
    }

    private static List<Callable<String>> tasks(Runnable body) {
        return List.of(Executors.callable(body, "done"));
    }

    private static Supplier<String> returning(Runnable body) {
        return () -> {
            body.run();
            return "done";
        };
    }

    private static void failingAsTheTask(Callable<?> call) throws Exception {
        try {
            call.call();
        } catch (ExecutionException failure) {
            Failures.throwIfAny(failure.getCause());
        }
    }

    /** Runs a body on a worker. */
    interface HandOver {

        void run(Worker worker, Runnable body) throws Exception;
    }

    /** Consumes the ways. */
    private interface Names {

        void way(String name, HandOver handOver);

        default void wrap(String name, Wrap wrap) {
            way(name, (worker, body) -> Worker.get(worker.submit(wrap.of(ScopedContext.capture(), body))));
        }

        default void executor(String name, Use<ScheduledExecutorService> use) {
            way("propagating: " + name,
                    (worker, body) -> use.run(ContextExecutors.propagating((ScheduledExecutorService) worker), body));
            way("fixed: " + name, (worker, body) -> use
                    .run(ContextExecutors.fixed((ScheduledExecutorService) worker, ScopedContext.capture()), body));
        }

        /** The period is long, so the body runs once. */
        default void periodic(String name, Schedule schedule) {
            executor(name, (executor, body) -> {
                CountDownLatch ran = new CountDownLatch(1);
                ScheduledFuture<?> future = schedule.of(executor, body);
                executor.execute(ContextSnapshot.empty().wrap(ran::countDown));
                if (!ran.await(1, MINUTES)) {
                    throw new AssertionError("the run before this has not ended");
                }
                if (future.isDone()) {
                    Worker.get(future);
                }
                future.cancel(false);
            });
        }

        /** For stages that a worker runs: it completes the future that they are added to. */
        default void stage(String name, boolean succeeds, Stage stage) {
            way(name, (worker, body) -> {
                CompletableFuture<String> first = new CompletableFuture<>();
                CompletableFuture<?> added = stage.to(ContextExecutors.propagatingStage(first), body);
                Worker.get(worker.submit(() -> succeeds
                        ? first.complete("done")
                        : first.completeExceptionally(new IllegalStateException("first"))));
                Worker.get(added);
            });
        }

        /** For ways that cannot report how a task ended; the worker reports it. */
        default void running(String name, Use<Consumer<Runnable>> use) {
            way(name, (worker, body) -> {
                AtomicReference<Future<?>> started = new AtomicReference<>();
                use.run(task -> started.set(worker.submit(task)), body);
                Worker.get(started.get());
            });
        }
    }

    /** Wraps a body in one of the forms, and returns a task that calls it. */
    private interface Wrap {

        Callable<?> of(ContextSnapshot now, Runnable body);
    }

    /** Lets an executor, or a similar object, run a body. */
    private interface Use<E> {

        void run(E executor, Runnable body) throws Exception;
    }

    /** Adds a body to a future. */
    private interface Stage {

        CompletableFuture<?> to(CompletableFuture<String> future, Runnable body);
    }

    /** Schedules a body. */
    private interface Schedule {

        ScheduledFuture<?> of(ScheduledExecutorService executor, Runnable body);
    }
}
