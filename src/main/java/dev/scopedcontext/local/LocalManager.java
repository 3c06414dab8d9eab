package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ScopeOpener;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives {@link Local}s and {@link LocalStack}s a new start for each request, and leaves nothing behind: what
 * surrounds a request is run, called or wrapped by the manager.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="manager"}
 *
 * <p>In a <em>managed scope</em> the locals start empty. What is set lasts until the scope ends, however it
 * ends, and the values around it are then there again. Managed scopes nest.
 *
 * <p><b>Results that stream.</b> If a wrapped function returns a {@code Stream}, its scope stays open until the stream
 * is closed. Each step of the traversal, on any thread, and the closing run in the context that the function returned
 * from. Values that one step sets are seen by the next. The same holds for results that {@link #wrapBody} wraps.
 * A step that is taken where the function was called, by the same thread with nothing bound since, uses the values
 * that are bound there. Any other step is handed the captured context, as a task is: a key that drops its value is not
 * bound, and a key that opens a value per task opens it per step. A step takes all elements that {@code flatMap}
 * creates for one element at once, as {@link java.util.stream.Stream#iterator} does, so there must be finitely many.
 *
 * <p>Callers must close such a result, as any stream that holds a resource. Closing does not wait for a step that
 * another thread is in, since closing may be the only way to end that step. The result is then closed with a copy of
 * the values, and the scope ends with the step. If the context of the result cannot be entered any more,
 * for example because a deadline has passed, the result is closed outside of that context, the scope ends, and {@code
 * close} throws the refusal. A result that is never closed keeps its values for as long as it is reachable, and
 * nothing in any thread. A stream of primitives, or one of a type of its own (whose {@code filter} returns that type
 * and not just {@code Stream}), is closed and refused with an {@code IllegalStateException}.
 *
 * <p><b>Other threads.</b> The scope belongs to the thread that runs in it; what is handed over starts with a copy.
 * Create each local once, such as in a static field. If every task of a chain creates and manages a local of its own
 * and hands over to the next task, each hand-over copies all of them, including locals that are unreachable.
 *
 * <p>Safe to use by any number of threads. <b>Null</b> arguments are a {@code NullPointerException} that names the
 * argument.
 */
public final class LocalManager implements ScopeOpener {

    /** Refers to this manager for contexts that must not keep it. */
    final WeakReference<LocalManager> reference = new WeakReference<>(this);

    private final CopyOnWriteArrayList<ContextLocal> locals = new CopyOnWriteArrayList<>();

    private LocalManager() {
    }

    /**
     * Creates a manager.
     *
     * @param locals what it manages: none, one or many
     * @return a new manager
     */
    public static LocalManager of(ContextLocal... locals) {
        LocalManager manager = new LocalManager();
        for (ContextLocal local : requireNonNull(locals, "locals")) {
            manager.add(local);
        }
        return manager;
    }

    /**
     * Has one more local managed. In a scope that is open already it is used as outside of it, and what is set
     * there in the thread is removed when that scope ends.
     *
     * @param local the local; one that is managed already changes nothing
     * @return this manager
     */
    public LocalManager add(ContextLocal local) {
        locals.addIfAbsent(requireNonNull(local, "local"));
        return this;
    }

    /** Removes all values of the locals from the current context, and from no other. Twice is fine. */
    public void cleanup() {
        locals.forEach(ContextLocal::clear);
    }

    /**
     * Runs an operation in a managed scope.
     *
     * @param op the operation; what it throws is thrown on unchanged
     */
    @Override
    public void run(Runnable op) {
        requireNonNull(op, "op");
        this.<@Nullable Void, RuntimeException>call(() -> {
            op.run();
            return null;
        });
    }

    /**
     * Calls an operation in a managed scope, which ends when that returns, also if the result is a stream.
     *
     * @param op the operation
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation does; it is thrown on unchanged
     */
    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        try (LocalScope scope = open()) {
            return scope.call(op);
        }
    }

    /**
     * Opens a managed scope for work that comes in pieces, such as the dispatches of an asynchronous request.
     *
     * @return the scope, in which nothing runs yet; close it when there is nothing more to run in it
     */
    @Override
    public LocalScope open() {
        return openFor(null);
    }

    /** Opens a managed scope for a function, or for anything else if that is null. */
    LocalScope openFor(@Nullable Place inside) {
        return new LocalScope(this, List.copyOf(locals), inside);
    }

    /**
     * Wraps a task.
     *
     * @param task the task
     * @return a task that runs it in a managed scope of its own each time
     */
    public Runnable wrap(Runnable task) {
        return new Managed.Task(this, requireNonNull(task, "task"));
    }

    /**
     * Wraps a task with a result. If that is a {@code Stream}, the scope ends when it is closed.
     *
     * @param task the task
     * @param <V> the type of the result
     * @return a task that calls it in a managed scope of its own each time
     */
    public <V extends @Nullable Object> Callable<V> wrap(Callable<V> task) {
        return new Managed.Call<>(this, requireNonNull(task, "task"));
    }

    /**
     * Wraps a supplier. If its result is a {@code Stream}, the scope ends when that is closed.
     *
     * @param supplier the supplier
     * @param <T> the type of the result
     * @return a supplier that calls it in a managed scope of its own each time
     */
    public <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> supplier) {
        return new Managed.Supply<>(this, requireNonNull(supplier, "supplier"));
    }

    /**
     * Wraps a function. If its result is a {@code Stream}, the scope ends when that is closed.
     *
     * @param function the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return a function that calls it in a managed scope of its own each time
     */
    public <T extends @Nullable Object, R extends @Nullable Object> Function<T, R> wrapFunction(
            Function<T, R> function) {
        return new Managed.Apply<>(this, requireNonNull(function, "function"));
    }

    /**
     * Wraps a function of two arguments. If its result is a {@code Stream}, the scope ends when that is closed.
     *
     * @param function the function
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return a function that calls it in a managed scope of its own each time
     */
    public <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object> //
            BiFunction<T, U, R> wrapBiFunction(
                    BiFunction<T, U, R> function) {
        return new Managed.ApplyBoth<>(this, requireNonNull(function, "function"));
    }

    /**
     * Wraps a consumer.
     *
     * @param consumer the consumer
     * @param <T> the type of the argument
     * @return a consumer that calls it in a managed scope of its own each time
     */
    public <T extends @Nullable Object> Consumer<T> wrapConsumer(Consumer<T> consumer) {
        return new Managed.Accept<>(this, requireNonNull(consumer, "consumer"));
    }

    /**
     * Wraps a consumer of two arguments.
     *
     * @param consumer the consumer
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @return a consumer that calls it in a managed scope of its own each time
     */
    public <T extends @Nullable Object, U extends @Nullable Object> BiConsumer<T, U> wrapBiConsumer(
            BiConsumer<T, U> consumer) {
        return new Managed.AcceptBoth<>(this, requireNonNull(consumer, "consumer"));
    }

    /**
     * Wraps a predicate.
     *
     * @param predicate the predicate
     * @param <T> the type of the argument
     * @return a predicate that calls it in a managed scope of its own each time
     */
    public <T extends @Nullable Object> Predicate<T> wrapPredicate(Predicate<T> predicate) {
        return new Managed.Test<>(this, requireNonNull(predicate, "predicate"));
    }

    /**
     * Wraps a task with a result that is closed. The scope ends when it is: every method of the result runs in it,
     * and so does each step through an {@code Iterator}, {@code Spliterator} or {@code Stream} that one is
     * declared to return. Closing closes the result in the scope, and then ends the scope, whether that failed or
     * not; closing again does nothing. It does not wait for a method that another thread is in. Methods that are called
     * later, such as one that tells whether it is closed, run outside of the scope.
     *
     * @param type the interface that the result is used as
     * @param task the task
     * @param <B> that interface
     * @return a task that calls it in a managed scope of its own each time
     * @throws IllegalArgumentException if the type is a stream, or not a public interface that this library can
     *         implement
     */
    public <B extends AutoCloseable> Callable<B> wrapBody(Class<B> type, Callable<? extends B> task) {
        return new Managed.CallBody<>(this, requireNonNull(task, "task"), Body.ensureInterface(type));
    }

    /**
     * Wraps a function with a result that is closed, as {@link #wrapBody} does.
     *
     * @param type the interface that the result is used as
     * @param function the function
     * @param <T> the type of the argument
     * @param <B> that interface
     * @return a function that calls it in a managed scope of its own each time
     * @throws IllegalArgumentException if the type is a stream, or not a public interface that this library can
     *         implement
     */
    public <T extends @Nullable Object, B extends AutoCloseable> Function<T, B> wrapBodyFunction(Class<B> type,
            Function<? super T, ? extends B> function) {
        return new Managed.ApplyBody<>(this, requireNonNull(function, "function"), Body.ensureInterface(type));
    }

    /**
     * Tells the current context from others that run at the same time, for logs. Each managed scope is a context
     * of its own, and so is each task that something in it is handed to. Outside of any scope of this manager each
     * thread is one.
     *
     * @return an identifier that is the same for as long as the context lasts; nothing is promised about what is
     *         in it
     */
    public String contextId() {
        return Entered.contextId(this);
    }

    /** Removes what was set, in the thread, of locals that are managed now and were not when a scope began. */
    void cleanUpAllBut(List<ContextLocal> managed) {
        for (ContextLocal local : locals) {
            if (!managed.contains(local) && !local.store.key.isBound()) {
                local.clear();
            }
        }
    }

    /** Returns how many locals are managed, and which. */
    @Override
    public String toString() {
        List<ContextLocal> now = List.copyOf(locals);
        return "LocalManager[" + now.size() + (now.size() == 1 ? " local" : " locals")
                + now.stream().map(ContextLocal::name).collect(joining(", ", now.isEmpty() ? "" : ": ", "]"));
    }
}
