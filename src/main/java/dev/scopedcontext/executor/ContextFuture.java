package dev.scopedcontext.executor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.JdkTimer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future whose stages run in the context in which each was added.
 *
 * <p>Every method that takes a function is overridden to wrap it, and {@link #newIncompleteFuture} makes all stages
 * futures of this kind. A propagating executor is replaced by its original, since the function is already wrapped.
 *
 * <p>If the other stage of {@code applyToEither} and similar methods is complete, the JDK lets that stage create the
 * new one, which is then wrapped if it is foreign.
 *
 * <p>Cancelling a future also cancels its {@link ForeignFuture}. Completing it in any other way does not.
 *
 * <p>The reasons are in {@code docs/decisions/0008-executors-and-futures.md}.
 *
 * @param <T> the type of the result
 */
final class ContextFuture<T extends @Nullable Object> extends CompletableFuture<T> {

    /** The default executor of {@code Async} stages, or null for the JDK's default. */
    private final @Nullable Executor async;

    /** The future that is cancelled with this one; null if there is none. */
    private volatile @Nullable ForeignFuture foreign;

    private ContextFuture(@Nullable Executor async, @Nullable ForeignFuture foreign) {
        this.async = async;
        this.foreign = foreign;
    }

    static <T extends @Nullable Object> CompletableFuture<T> of(CompletionStage<T> stage) {
        if (stage instanceof ContextFuture<T> ours) {
            return ours;
        }
        ContextFuture<T> future = new ContextFuture<>(
                stage instanceof CompletableFuture<T> f ? ContextExecutor.original(f.defaultExecutor()) : null,
                ForeignFuture.of(stage));
        future.completeAs(stage);
        return future;
    }

    static CompletableFuture<@Nullable Void> ofAction(Runnable action, Executor executor) {
        Runnable task = Tasks.inContext(action);
        return new ContextFuture<@Nullable Void>(null, null).completeBy(() -> {
            task.run();
            return null;
        }, executor);
    }

    static <T extends @Nullable Object> CompletableFuture<T> ofSupplier(Supplier<T> supplier, Executor executor) {
        return new ContextFuture<T>(null, null).completeAsync(supplier, executor);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        ForeignFuture original = foreign;
        return new ContextFuture<>(async, original == null ? null : original.ofDependent());
    }

    /** Cancels this first, so that the outcome is the cancellation even if the foreign future cannot be cancelled. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        ForeignFuture original = isDone() ? null : foreign;
        foreign = null; // the original may cancel this in turn
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled && original != null) {
            original.cancel(mayInterruptIfRunning);
        }
        return cancelled;
    }

    @Override
    public Executor defaultExecutor() {
        return async != null ? async : super.defaultExecutor();
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
        return completeBy(Tasks.inContext(supplier), defaultExecutor());
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        return completeBy(Tasks.inContext(supplier), executor);
    }

    private CompletableFuture<T> completeBy(Supplier<? extends T> inContext, Executor executor) {
        return super.completeAsync(inContext, original(executor));
    }

    @Override
    public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
        return after(timeout, unit, () -> completeExceptionally(new TimeoutException()));
    }

    @Override
    public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        return after(timeout, unit, () -> complete(value));
    }

    /** Uses the timer directly: the JDK would add a stage to this future, which would be given the context. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletableFuture<T> after(long timeout, TimeUnit unit, Runnable action) {
        requireNonNull(unit, "unit");
        if (!isDone()) {
            Runnable drop = JdkTimer.after(timeout, unit, action);
            super.whenComplete((result, failure) -> drop.run());
        }
        return this;
    }

    private void completeAs(CompletionStage<T> stage) {
        stage.whenComplete((result, failure) -> {
            if (failure == null) {
                complete(result);
            } else {
                completeExceptionally(failure);
            }
        });
    }

    @Override
    public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> fn) {
        return super.thenApply(Tasks.inContext(fn));
    }

    @Override
    public <U> CompletableFuture<U> thenApplyAsync(Function<? super T, ? extends U> fn) {
        return super.thenApplyAsync(Tasks.inContext(fn));
    }

    @Override
    public <U> CompletableFuture<U> thenApplyAsync(Function<? super T, ? extends U> fn, Executor executor) {
        return super.thenApplyAsync(Tasks.inContext(fn), original(executor));
    }

    @Override
    public CompletableFuture<Void> thenAccept(Consumer<? super T> action) {
        return super.thenAccept(Tasks.inContext(action));
    }

    @Override
    public CompletableFuture<Void> thenAcceptAsync(Consumer<? super T> action) {
        return super.thenAcceptAsync(Tasks.inContext(action));
    }

    @Override
    public CompletableFuture<Void> thenAcceptAsync(Consumer<? super T> action, Executor executor) {
        return super.thenAcceptAsync(Tasks.inContext(action), original(executor));
    }

    @Override
    public CompletableFuture<Void> thenRun(Runnable action) {
        return super.thenRun(Tasks.inContext(action));
    }

    @Override
    public CompletableFuture<Void> thenRunAsync(Runnable action) {
        return super.thenRunAsync(Tasks.inContext(action));
    }

    @Override
    public CompletableFuture<Void> thenRunAsync(Runnable action, Executor executor) {
        return super.thenRunAsync(Tasks.inContext(action), original(executor));
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombine(CompletionStage<? extends U> other,
            BiFunction<? super T, ? super U, ? extends V> fn) {
        return super.thenCombine(requireNonNull(other, "other"), Tasks.inContext(fn));
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombineAsync(CompletionStage<? extends U> other,
            BiFunction<? super T, ? super U, ? extends V> fn) {
        return super.thenCombineAsync(requireNonNull(other, "other"), Tasks.inContext(fn));
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombineAsync(CompletionStage<? extends U> other,
            BiFunction<? super T, ? super U, ? extends V> fn, Executor executor) {
        return super.thenCombineAsync(requireNonNull(other, "other"), Tasks.inContext(fn), original(executor));
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBoth(CompletionStage<? extends U> other,
            BiConsumer<? super T, ? super U> action) {
        return super.thenAcceptBoth(requireNonNull(other, "other"), Tasks.inContext(action));
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBothAsync(CompletionStage<? extends U> other,
            BiConsumer<? super T, ? super U> action) {
        return super.thenAcceptBothAsync(requireNonNull(other, "other"), Tasks.inContext(action));
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBothAsync(CompletionStage<? extends U> other,
            BiConsumer<? super T, ? super U> action, Executor executor) {
        return super.thenAcceptBothAsync(requireNonNull(other, "other"), Tasks.inContext(action), original(executor));
    }

    @Override
    public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable action) {
        return super.runAfterBoth(requireNonNull(other, "other"), Tasks.inContext(action));
    }

    @Override
    public CompletableFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action) {
        return super.runAfterBothAsync(requireNonNull(other, "other"), Tasks.inContext(action));
    }

    @Override
    public CompletableFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable action, Executor executor) {
        return super.runAfterBothAsync(requireNonNull(other, "other"), Tasks.inContext(action), original(executor));
    }

    @Override
    public <U> CompletableFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> fn) {
        return of(super.applyToEither(requireNonNull(other, "other"), Tasks.inContext(fn)));
    }

    @Override
    public <U> CompletableFuture<U> applyToEitherAsync(CompletionStage<? extends T> other, Function<? super T, U> fn) {
        return of(super.applyToEitherAsync(requireNonNull(other, "other"), Tasks.inContext(fn)));
    }

    @Override
    public <U> CompletableFuture<U> applyToEitherAsync(CompletionStage<? extends T> other, Function<? super T, U> fn,
            Executor executor) {
        return of(super.applyToEitherAsync(requireNonNull(other, "other"), Tasks.inContext(fn), original(executor)));
    }

    @Override
    public CompletableFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return of(super.acceptEither(requireNonNull(other, "other"), Tasks.inContext(action)));
    }

    @Override
    public CompletableFuture<Void> acceptEitherAsync(CompletionStage<? extends T> other, Consumer<? super T> action) {
        return of(super.acceptEitherAsync(requireNonNull(other, "other"), Tasks.inContext(action)));
    }

    @Override
    public CompletableFuture<Void> acceptEitherAsync(CompletionStage<? extends T> other, Consumer<? super T> action,
            Executor executor) {
        return of(super.acceptEitherAsync(requireNonNull(other, "other"), Tasks.inContext(action), original(executor)));
    }

    @Override
    public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable action) {
        return of(super.runAfterEither(requireNonNull(other, "other"), Tasks.inContext(action)));
    }

    @Override
    public CompletableFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action) {
        return of(super.runAfterEitherAsync(requireNonNull(other, "other"), Tasks.inContext(action)));
    }

    @Override
    public CompletableFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable action, Executor executor) {
        return of(
                super.runAfterEitherAsync(requireNonNull(other, "other"), Tasks.inContext(action), original(executor)));
    }

    @Override
    public <U> CompletableFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> fn) {
        return super.thenCompose(Tasks.inContext(fn));
    }

    @Override
    public <U> CompletableFuture<U> thenComposeAsync(Function<? super T, ? extends CompletionStage<U>> fn) {
        return super.thenComposeAsync(Tasks.inContext(fn));
    }

    @Override
    public <U> CompletableFuture<U> thenComposeAsync(Function<? super T, ? extends CompletionStage<U>> fn,
            Executor executor) {
        return super.thenComposeAsync(Tasks.inContext(fn), original(executor));
    }

    @Override
    public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
        return super.whenComplete(Tasks.fallback(action));
    }

    @Override
    public CompletableFuture<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> action) {
        return super.whenCompleteAsync(Tasks.fallback(action));
    }

    @Override
    public CompletableFuture<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> action, Executor executor) {
        return super.whenCompleteAsync(Tasks.fallback(action), original(executor));
    }

    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> fn) {
        return super.handle(Tasks.fallback(fn));
    }

    @Override
    public <U> CompletableFuture<U> handleAsync(BiFunction<? super T, Throwable, ? extends U> fn) {
        return super.handleAsync(Tasks.fallback(fn));
    }

    @Override
    public <U> CompletableFuture<U> handleAsync(BiFunction<? super T, Throwable, ? extends U> fn, Executor executor) {
        return super.handleAsync(Tasks.fallback(fn), original(executor));
    }

    @Override
    public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> fn) {
        return super.exceptionally(Tasks.fallback(fn));
    }

    @Override
    public CompletableFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> fn) {
        return super.exceptionallyAsync(Tasks.fallback(fn));
    }

    @Override
    public CompletableFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> fn, Executor executor) {
        return super.exceptionallyAsync(Tasks.fallback(fn), original(executor));
    }

    @Override
    public CompletableFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> fn) {
        return super.exceptionallyCompose(Tasks.fallback(fn));
    }

    @Override
    public CompletableFuture<T> exceptionallyComposeAsync(Function<Throwable, ? extends CompletionStage<T>> fn) {
        return super.exceptionallyComposeAsync(Tasks.fallback(fn));
    }

    @Override
    public CompletableFuture<T> exceptionallyComposeAsync(Function<Throwable, ? extends CompletionStage<T>> fn,
            Executor executor) {
        return super.exceptionallyComposeAsync(Tasks.fallback(fn), original(executor));
    }

    private static Executor original(Executor executor) {
        return ContextExecutor.original(requireNonNull(executor, "executor"));
    }
}
