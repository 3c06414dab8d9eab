package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.internal.CheckReturnValue;
import dev.scopedcontext.internal.Failures;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Manages {@link Local}s and {@link LocalStack}s: gives each request values of its own, and removes them at its end.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="manager"}
 *
 * <p>In a <em>managed scope</em>, the locals start empty. Values last until the scope ends, normally or by an
 * exception. The previous values are then restored. Managed scopes nest.
 *
 * <p><b>Streams.</b> If a {@linkplain #managedFunction managed function} returns a {@code Stream}, its scope stays open
 * until the stream is closed. Each step of the traversal, on any thread, runs in the context in which the function
 * returned, and so does closing the stream. Values that one step sets are visible to the next. If a step is taken where
 * the function was called, by the same thread and with nothing bound since, it uses the values that are bound there.
 * Any other step receives the captured context, like a task: a key that drops its value is not bound, and a key that
 * opens a value per task opens it per step. A step takes all elements that {@code flatMap} creates for one element at
 * once, as {@link java.util.stream.Stream#iterator} does, so their number must be finite.
 *
 * <p>Callers must close such a stream, like any stream that holds a resource. Closing does not wait for a step on
 * another thread, since closing may be the only way to end that step. The stream is then closed with a copy of the
 * values, and the scope ends with the step. If the context of the stream can no longer be entered, for example because
 * a deadline has passed, the stream is closed outside of that context, the scope ends, and {@code close} throws the
 * exception. A stream that is never closed retains its values as long as it is reachable, but leaves nothing on any
 * thread. A stream of primitives, or of a type whose {@code filter} does not return just {@code Stream}, is closed, and
 * the function throws an {@code IllegalStateException}.
 *
 * <p><b>Other threads.</b> The scope belongs to the thread that runs in it. Tasks that it is handed over to start with
 * a copy. Create each local once, for example in a static field. If each task in a chain creates and manages a local of
 * its own and then starts the next task, each hand-over copies all of these locals, including unreachable ones.
 *
 * <p>Instances are thread-safe. Unless noted otherwise, passing null throws a {@code NullPointerException} that names
 * the parameter.
 */
public final class LocalManager implements ScopeOpener {

    private final ManagedLocals locals = new ManagedLocals();

    private LocalManager() {
    }

    /**
     * Creates a manager.
     *
     * @param locals the locals to manage, if any
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
     * Adds a local to this manager. A scope that is already open does not manage the local, but when the scope ends,
     * values of the local are removed from the thread.
     *
     * @param local the local; adding a local again has no effect
     * @return this manager
     */
    public LocalManager add(ContextLocal local) {
        locals.add(requireNonNull(local, "local"));
        return this;
    }

    /** Removes all values of the locals from the current context, and from no other. May be called repeatedly. */
    public void cleanup() {
        locals.clear();
    }

    @Override
    public void run(Runnable op) {
        requireNonNull(op, "op");
        LocalScope scope = openFor(null);
        try {
            scope.run(op, true);
        } catch (Throwable failure) {
            Failures.attempt(failure, scope);
            throw failure;
        }
        scope.close();
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        LocalScope scope = openFor(null);
        R result;
        try {
            result = scope.<R, X>call(op);
        } catch (Throwable failure) {
            Failures.attempt(failure, scope);
            throw failure;
        }
        scope.close();
        return result;
    }

    /**
     * Opens a managed scope for work that runs in pieces, such as the dispatches of an asynchronous request. A piece
     * sees the values that earlier pieces set.
     *
     * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="scope"}
     *
     * <p>Concurrent pieces wait for each other. A piece must therefore not wait for work that runs in the same scope on
     * another thread; hand the context over to that work instead. All other bindings that a piece sees are those of its
     * caller, not those at the opening of the scope. A piece that is run inside another one on the same thread is part
     * of it.
     *
     * <p>Closing does not wait for a piece on another thread, which keeps the values until it ends. Pieces that wait
     * for it throw {@code IllegalStateException}.
     *
     * @return the open scope; close it after the last piece
     */
    @Override
    @CheckReturnValue
    public OpenScope open() {
        return OpenScope.sharing(openFor(null));
    }

    /** Opens a managed scope for a function, given the position inside of it, or for other work if that is null. */
    private LocalScope openFor(@Nullable FunctionPosition inside) {
        return new LocalScope(locals, inside);
    }

    /**
     * Returns a task that runs the given one, each time in a managed scope of its own.
     *
     * @param task the task
     * @return the managed task
     */
    @CheckReturnValue
    public Runnable managed(Runnable task) {
        return new ManagedCode.Task(this, requireNonNull(task, "task"));
    }

    /**
     * Returns a task that calls the given one, each time in a managed scope of its own. The scope ends when the given
     * task returns, even if its result is a stream.
     *
     * @param task the task
     * @param <V> the type of the result
     * @return the managed task
     */
    @CheckReturnValue
    public <V extends @Nullable Object> Callable<V> managed(Callable<V> task) {
        return new ManagedCode.Call<>(this, requireNonNull(task, "task"));
    }

    /**
     * Returns a function that applies the given one, each time in a managed scope of its own. If the result is a {@code
     * Stream}, the scope ends when the stream is closed.
     *
     * @param function the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the managed function
     */
    @CheckReturnValue
    public <T extends @Nullable Object, R extends @Nullable Object> Function<T, R> managedFunction(
            Function<T, R> function) {
        return new ManagedCode.Apply<>(this, requireNonNull(function, "function"), this::openFor);
    }

    /**
     * Returns an identifier that distinguishes the current context from concurrent ones, for logs. Each managed scope
     * is a context, and so is each task that is handed over in it. Outside of any scope of this manager, each thread is
     * a context.
     *
     * @return an identifier that does not change while the context lasts; its format is unspecified
     */
    public String contextId() {
        return ManagedScopes.contextId(locals);
    }

    /** Returns the number of locals, and their names. */
    @Override
    public String toString() {
        return locals.toString();
    }
}
