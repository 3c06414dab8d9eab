package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import dev.scopedcontext.internal.ContextTask;
import java.util.Collections;
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
 * A captured context: bindings that can be read, stored, and used to run code on any thread.
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="capture"}
 *
 * <p>Running code in a snapshot <em>replaces</em> the bindings of the thread, and restores them afterwards. In an
 * {@linkplain #empty() empty} snapshot, nothing is bound. Thread-local state of other libraries is replaced only if a
 * carrier captured it. Each run opens the {@linkplain HandOff#open hand-offs} of the keys, shows their mirrors, and
 * installs the state that carriers captured. It is a scope of its own, to which {@link ScopedContext#onExit} and {@link
 * Bindings#attach} apply.
 *
 * <p>The {@code wrap} methods return a task or function that runs in the snapshot each time it is called. It can be
 * called any number of times and by several threads at once, if the original can. A task or function that is already
 * wrapped is returned unchanged, since it has a context of its own.
 *
 * <p>Instances are immutable and thread-safe. A snapshot retains the bound values as long as it is reachable. Unless
 * noted otherwise, passing null throws a {@code NullPointerException} that names the parameter.
 */
public final class ContextSnapshot {

    private static final ContextSnapshot EMPTY = keep(Frame.EMPTY);

    private final Frame frame;

    private ContextSnapshot(Frame frame) {
        this.frame = frame;
    }

    /**
     * Captures the current context. If capturing changes nothing, the frame keeps the snapshot for the next capture.
     */
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
     * Returns a snapshot in which every read of a key throws a failure. It is for adapters of other propagation
     * libraries, which must not throw when they set a context. If the captured context cannot be entered, they set this
     * snapshot instead. The task then fails at its first read, and does not see values of another task.
     *
     * @param failure the failure, thrown unchanged by each read
     * @return a snapshot that cannot be read
     */
    public static ContextSnapshot refusing(Throwable failure) {
        return new ContextSnapshot(Frame.ofRefusal(requireNonNull(failure, "failure")));
    }

    /**
     * Returns the captured value of a key, or else the default of the key.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value
     * @throws UnboundContextException if no value was bound and the key has no default
     */
    public <T extends @Nullable Object> T get(ContextKey<T> key) {
        Object value = frame.lookup(requireNonNull(key, "key"));
        return value != Binding.ABSENT ? key.cast(value) : key.getDefault(this);
    }

    /**
     * Returns the captured value of a key as an {@code Optional}, which is empty if no value or null was bound. Ignores
     * the default of the key.
     *
     * @param key the key
     * @param <T> the type of the value
     * @return the value, or an empty {@code Optional}
     */
    public <T> Optional<T> find(ContextKey<T> key) {
        Object value = frame.lookup(requireNonNull(key, "key"));
        return value != Binding.ABSENT ? Optional.ofNullable(key.cast(value)) : Optional.empty();
    }

    /**
     * Returns whether a value was bound to a key. Null is a value; a default is not a binding.
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
        return Collections.unmodifiableSet(ContextKey.listed(frame));
    }

    /**
     * Runs an operation in this context.
     *
     * @param op the operation; its exceptions propagate unchanged
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
     * @throws X if the operation throws it; it propagates unchanged
     */
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return this.<R, X>call(requireNonNull(op, "op"), false);
    }

    /**
     * Puts this context into effect until the returned attachment is closed. Use it if there is no block of code to
     * run, as in the accessors of other propagation libraries. Otherwise prefer {@link #run} and {@link #call}.
     *
     * <p>This method and {@code close()} do the same as {@code run} before and after an operation. The bindings are
     * <em>replaced</em> and restored, hand-offs are opened and closed, and mirrors and the state of carriers are
     * installed and removed. In all other respects, the attachment is like one of {@link Bindings#attach}.
     *
     * @return the attachment, which restores the previous context when it is closed; use it with {@code try}
     */
    @CheckReturnValue
    public Attachment attach() {
        return Attaching.open(frame, this);
    }

    /**
     * Returns a task that runs the given one in this context. It is {@code Comparable} if the given task is, with the
     * same order.
     *
     * @param task the task
     * @return the wrapped task, which is the given one if it is already wrapped
     */
    @CheckReturnValue
    public Runnable wrap(Runnable task) {
        requireNonNull(task, "task");
        return task instanceof ContextTask<?> ? task : Wrapped.runnable(this, task, false);
    }

    /**
     * Returns a task that calls the given one in this context. It is {@code Comparable} if the given task is, with the
     * same order.
     *
     * @param task the task
     * @param <V> the type of the result
     * @return the wrapped task, which is the given one if it is already wrapped
     */
    @CheckReturnValue
    public <V extends @Nullable Object> Callable<V> wrap(Callable<V> task) {
        requireNonNull(task, "task");
        return task instanceof ContextTask<?> ? task : Wrapped.callable(this, task, false);
    }

    /**
     * Returns a supplier that calls the given one in this context.
     *
     * @param supplier the supplier
     * @param <T> the type of the result
     * @return the wrapped supplier, which is the given one if it is already wrapped
     */
    @CheckReturnValue
    public <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> supplier) {
        requireNonNull(supplier, "supplier");
        return supplier instanceof ContextTask<?> ? supplier : new Wrapped.OfSupplier<>(this, supplier, false);
    }

    /**
     * Returns a function that applies the given one in this context.
     *
     * @param function the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the wrapped function, which is the given one if it is already wrapped
     */
    @CheckReturnValue
    public <T extends @Nullable Object, R extends @Nullable Object> Function<T, R> wrapFunction(
            Function<T, R> function) {
        requireNonNull(function, "function");
        return function instanceof ContextTask<?> ? function : new Wrapped.OfFunction<>(this, function, false);
    }

    /**
     * Returns a function of two arguments that applies the given one in this context.
     *
     * @param function the function
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the wrapped function, which is the given one if it is already wrapped
     */
    @CheckReturnValue
    public <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object> //
            BiFunction<T, U, R> wrapBiFunction(
                    BiFunction<T, U, R> function) {
        requireNonNull(function, "function");
        return function instanceof ContextTask<?> ? function : new Wrapped.OfBiFunction<>(this, function, false);
    }

    /**
     * Returns a consumer that calls the given one in this context.
     *
     * @param consumer the consumer
     * @param <T> the type of the argument
     * @return the wrapped consumer, which is the given one if it is already wrapped
     */
    @CheckReturnValue
    public <T extends @Nullable Object> Consumer<T> wrapConsumer(Consumer<T> consumer) {
        requireNonNull(consumer, "consumer");
        return consumer instanceof ContextTask<?> ? consumer : new Wrapped.OfConsumer<>(this, consumer, false);
    }

    /**
     * Returns a consumer of two arguments that calls the given one in this context.
     *
     * @param consumer the consumer
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @return the wrapped consumer, which is the given one if it is already wrapped
     */
    @CheckReturnValue
    public <T extends @Nullable Object, U extends @Nullable Object> BiConsumer<T, U> wrapBiConsumer(
            BiConsumer<T, U> consumer) {
        requireNonNull(consumer, "consumer");
        return consumer instanceof ContextTask<?> ? consumer : new Wrapped.OfBiConsumer<>(this, consumer, false);
    }

    /**
     * Returns a predicate that tests with the given one in this context.
     *
     * @param predicate the predicate
     * @param <T> the type of the argument
     * @return the wrapped predicate, which is the given one if it is already wrapped
     */
    @CheckReturnValue
    public <T extends @Nullable Object> Predicate<T> wrapPredicate(Predicate<T> predicate) {
        requireNonNull(predicate, "predicate");
        return predicate instanceof ContextTask<?> ? predicate : new Wrapped.OfPredicate<>(this, predicate, false);
    }

    /** Returns the names of the keys. Values are omitted, since they may be confidential. */
    @Override
    public String toString() {
        return keys().stream().map(ContextKey::name).sorted()
                .collect(Collectors.joining(", ", "ContextSnapshot[", "]"));
    }

    /** Runs a task in this context. For {@code anyway}, see {@link #call(CallableOp, boolean)}. */
    void run(Runnable task, boolean anyway) {
        @Nullable
        Object[] cell = Current.BACKEND.cell();
        Current.BACKEND.run(HandOver.running(frame, task, anyway, Current.BACKEND.around(cell)), cell);
    }

    /**
     * Calls an operation in this context.
     *
     * @param anyway whether to call the operation even if a hand-off fails, for work whose caller could not be
     *         notified. Reading the value of that key then throws the failure
     */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op, boolean anyway) throws X {
        @Nullable
        Object[] cell = Current.BACKEND.cell();
        Scope scope = HandOver.calling(frame, op, anyway, Current.BACKEND.around(cell));
        Current.BACKEND.run(scope, cell);
        return scope.result();
    }
}
