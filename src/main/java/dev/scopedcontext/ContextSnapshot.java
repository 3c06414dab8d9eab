package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import dev.scopedcontext.internal.ContextTask;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was bound when it was captured: a value that can be read, kept, and run with on any thread.
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="capture"}
 *
 * <p>Running something in a snapshot <em>replaces</em> what is bound on the thread for as long as it runs,
 * and puts it back exactly afterwards; in an {@linkplain #empty() empty} one nothing is bound. Thread-local
 * state of other libraries is replaced only where a carrier captured some. For each run, on whatever thread,
 * the {@linkplain HandOff#open hand-offs} of the keys are applied, their mirrors shown, and the captured
 * state of carriers installed. It is a scope of its own: {@link ScopedContext#onExit} and {@link
 * Bindings#attach} belong to it.
 *
 * <p>The {@code wrap} methods return a task or function that does this every time it is called, any number of
 * times and by several threads at once. What is wrapped already is returned as it is, since it brings its own
 * context.
 *
 * <p>A snapshot is immutable and safe to use by any number of threads. It holds on to the values that were
 * bound for as long as it is kept.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is.
 */
public final class ContextSnapshot {

    private static final ContextSnapshot EMPTY = keep(Frame.EMPTY);

    private final Frame frame;

    private ContextSnapshot(Frame frame) {
        this.frame = frame;
    }

    /** Captures the current context. If that changes nothing, the frame keeps the snapshot for the next capture. */
    static ContextSnapshot capture() {
        Frame current = Current.frame();
        if (current.snapshot instanceof ContextSnapshot kept) {
            return kept;
        }
        return HandOver.changes(current) ? new ContextSnapshot(HandOver.capture(current)) : keep(current);
    }

    private static ContextSnapshot keep(Frame frame) {
        ContextSnapshot snapshot = new ContextSnapshot(frame);
        frame.snapshot = snapshot;
        return snapshot;
    }

    /**
     * Returns the snapshot in which nothing is bound.
     *
     * @return the empty snapshot
     */
    public static ContextSnapshot empty() {
        return EMPTY;
    }

    /**
     * Returns a snapshot in which nothing can be read: every read of a key throws a failure. For adapters of other
     * propagation libraries that expect no exception where they set a context: if a hand-off refuses the captured one,
     * the task fails when it first reads, and nothing of another task is left for it to see.
     *
     * @param failure the failure, thrown unchanged by each read
     * @return a snapshot that refuses to be read
     */
    public static ContextSnapshot refusing(Throwable failure) {
        return new ContextSnapshot(Frame.ofRefusal(requireNonNull(failure, "failure")));
    }

    /**
     * Returns the value that was bound to a key, or else the key's default.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value
     * @throws UnboundContextException if none was bound and the key has no default
     */
    public <T extends @Nullable Object> T get(ContextKey<T> key) {
        Object value = frame.lookup(requireNonNull(key, "key"));
        return value != Binding.ABSENT ? key.cast(value) : key.getDefault(this);
    }

    /**
     * Returns the value that was bound to a key. The key's default plays no part, and a bound null is empty
     * too.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value, if there is one
     */
    public <T> Optional<T> find(ContextKey<T> key) {
        Object value = frame.lookup(requireNonNull(key, "key"));
        return value != Binding.ABSENT ? Optional.ofNullable(key.cast(value)) : Optional.empty();
    }

    /**
     * Tells whether a value was bound to a key. Null counts, a default does not.
     *
     * @param key the key
     * @return true if a value was bound
     */
    public boolean isBound(ContextKey<?> key) {
        return frame.lookup(requireNonNull(key, "key")) != Binding.ABSENT;
    }

    /**
     * Returns the keys to which values were bound.
     *
     * @return an unmodifiable set
     */
    public Set<ContextKey<?>> keys() {
        Set<ContextKey<?>> keys = new LinkedHashSet<>();
        for (Binding binding : frame) {
            if (binding.key instanceof ContextKey<?> key && !ThreadWorkKey.is(key)) {
                keys.add(key);
            }
        }
        return Collections.unmodifiableSet(keys);
    }

    /**
     * Runs an operation in this context.
     *
     * @param op the operation; what it throws is thrown on unchanged
     */
    public void run(Runnable op) {
        run(requireNonNull(op, "op"), false);
    }

    /**
     * Calls an operation in this context.
     *
     * @param op the operation
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation does; it is thrown on unchanged
     */
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return this.<R, X>call(requireNonNull(op, "op"), false);
    }

    /**
     * Puts this context in place until the returned attachment is closed: for code that is given a beginning
     * and an end but no block, such as the accessors of other propagation libraries. Prefer {@link #run} and
     * {@link #call}.
     *
     * <p>What {@code run} does around an operation is done here and at {@code close()}: what was bound is
     * <em>replaced</em> and put back, hand-offs are opened and closed, mirrors shown and put back, and captured
     * state of carriers installed and taken away. The attachment is otherwise as one of {@link
     * Bindings#attach}.
     *
     * @return the attachment, which restores the previous context; use it with {@code try}
     */
    @CheckReturnValue
    public Attachment attach() {
        return LiveAttachment.open(frame, this);
    }

    /**
     * Wraps a task. The returned task is {@code Comparable} if the given one is, with the same order.
     *
     * @param task the task
     * @return a task that runs it in this context
     */
    @CheckReturnValue
    public Runnable wrap(Runnable task) {
        requireNonNull(task, "task");
        return task instanceof ContextTask<?> ? task : Wrapped.runnable(this, task, false);
    }

    /**
     * Wraps a task with a result. The returned task is {@code Comparable} if the given one is, with the same order.
     *
     * @param task the task
     * @param <V> the type of the result
     * @return a task that calls it in this context
     */
    @CheckReturnValue
    public <V extends @Nullable Object> Callable<V> wrap(Callable<V> task) {
        requireNonNull(task, "task");
        return task instanceof ContextTask<?> ? task : Wrapped.callable(this, task, false);
    }

    /**
     * Wraps a supplier.
     *
     * @param supplier the supplier
     * @param <T> the type of the result
     * @return a supplier that calls it in this context
     */
    @CheckReturnValue
    public <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> supplier) {
        requireNonNull(supplier, "supplier");
        return supplier instanceof ContextTask<?> ? supplier : new Wrapped.OfSupplier<>(this, supplier, false);
    }

    /**
     * Wraps a function.
     *
     * @param function the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return a function that calls it in this context
     */
    @CheckReturnValue
    public <T extends @Nullable Object, R extends @Nullable Object> Function<T, R> wrapFunction(
            Function<T, R> function) {
        requireNonNull(function, "function");
        return function instanceof ContextTask<?> ? function : new Wrapped.OfFunction<>(this, function, false);
    }

    /**
     * Wraps a function of two arguments.
     *
     * @param function the function
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return a function that calls it in this context
     */
    @CheckReturnValue
    public <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object> //
            BiFunction<T, U, R> wrapBiFunction(
                    BiFunction<T, U, R> function) {
        requireNonNull(function, "function");
        return function instanceof ContextTask<?> ? function : new Wrapped.OfBiFunction<>(this, function, false);
    }

    /**
     * Wraps a consumer.
     *
     * @param consumer the consumer
     * @param <T> the type of the argument
     * @return a consumer that calls it in this context
     */
    @CheckReturnValue
    public <T extends @Nullable Object> Consumer<T> wrapConsumer(Consumer<T> consumer) {
        requireNonNull(consumer, "consumer");
        return consumer instanceof ContextTask<?> ? consumer : new Wrapped.OfConsumer<>(this, consumer, false);
    }

    /**
     * Wraps a consumer of two arguments.
     *
     * @param consumer the consumer
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @return a consumer that calls it in this context
     */
    @CheckReturnValue
    public <T extends @Nullable Object, U extends @Nullable Object> BiConsumer<T, U> wrapBiConsumer(
            BiConsumer<T, U> consumer) {
        requireNonNull(consumer, "consumer");
        return consumer instanceof ContextTask<?> ? consumer : new Wrapped.OfBiConsumer<>(this, consumer, false);
    }

    /**
     * Wraps a predicate.
     *
     * @param predicate the predicate
     * @param <T> the type of the argument
     * @return a predicate that calls it in this context
     */
    @CheckReturnValue
    public <T extends @Nullable Object> Predicate<T> wrapPredicate(Predicate<T> predicate) {
        requireNonNull(predicate, "predicate");
        return predicate instanceof ContextTask<?> ? predicate : new Wrapped.OfPredicate<>(this, predicate, false);
    }

    /** Returns the names of the keys; values are not shown, since they may be secret. */
    @Override
    public String toString() {
        return keys().stream().map(ContextKey::name).sorted()
                .collect(Collectors.joining(", ", "ContextSnapshot[", "]"));
    }

    /** Runs a task in this context; anyway, as in {@link #call(CallableOp, boolean)}. */
    void run(Runnable task, boolean anyway) {
        @Nullable
        Object[] cell = Current.BACKEND.cell();
        Current.BACKEND.run(HandOver.running(frame, task, anyway, Current.BACKEND.around(cell)), cell);
    }

    /**
     * Calls an operation in this context.
     *
     * @param anyway whether to call it even if a hand-off refuses its value: for work that nobody could be told about
     *        otherwise. Reading the refused value throws the refusal
     */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op, boolean anyway) throws X {
        @Nullable
        Object[] cell = Current.BACKEND.cell();
        Scope scope = HandOver.calling(frame, op, anyway, Current.BACKEND.around(cell));
        Current.BACKEND.run(scope, cell);
        return scope.result();
    }
}
