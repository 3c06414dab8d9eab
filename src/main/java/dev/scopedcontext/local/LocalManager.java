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
 * Gives each request its own values of {@link Local}s and {@link LocalStack}s, and removes them at its end.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="manager"}
 *
 * <p>In a <em>managed scope</em> the locals start empty. Values that are set last until the scope ends, whether by
 * return or by an exception. Then the previous values are restored. Managed scopes nest.
 *
 * <p><b>Streams.</b> If a {@linkplain #managedFunction managed function} returns a {@code Stream}, its scope stays open
 * until the stream is closed. Each step of the traversal, on any thread, and the closing run in the context that the
 * function returned from. Values that one step sets are seen by the next. A step that is taken where the function was
 * called, by the same thread with nothing bound since, uses the values that are bound there. Any other step is handed
 * the captured context, as a task is: a key that drops its value is not bound, and a key that opens a value per task
 * opens it per step. A step takes all elements that {@code flatMap} creates for one element at once, as {@link
 * java.util.stream.Stream#iterator} does, so there must be finitely many.
 *
 * <p>Callers must close such a stream, like any stream that holds a resource. Closing does not wait for a step that
 * another thread is in, since closing may be the only way to end that step. The stream is then closed with a copy of
 * the values, and the scope ends with the step. If the context of the stream cannot be entered any more, for example
 * because a deadline has passed, the stream is closed outside of that context, the scope ends, and {@code close} throws
 * the refusal. A stream that is never closed keeps its values for as long as it is reachable, and nothing in any
 * thread. A stream of primitives, or of a type of its own (whose {@code filter} returns that type and not just {@code
 * Stream}), is closed and refused with an {@code IllegalStateException}.
 *
 * <p><b>Other threads.</b> The scope belongs to the thread that runs in it. Tasks that it is handed over to start with
 * a copy. Create each local once, for example in a static field. If every task of a chain creates and manages a local
 * of its own and hands over to the next task, each hand-over copies all of them, including locals that are unreachable.
 *
 * <p>A manager is thread-safe. <b>Null</b> arguments cause a {@code NullPointerException} that names the argument.
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
     * Adds a local to this manager. In a scope that is already open, the local is used as outside of the scope, and the
     * values that are set in the thread are removed when the scope ends.
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
     * Opens a managed scope for work that comes in pieces, such as the dispatches of an asynchronous request. A piece
     * finds the values that earlier pieces set.
     *
     * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="scope"}
     *
     * <p>Pieces that come at the same time wait for each other. A piece must therefore not wait for work that runs in
     * the same scope on another thread; hand the context over to that work instead. A piece sees the other bindings of
     * the place where it is run, not of the place where the scope was opened. A piece that is run inside another on the
     * same thread is part of it.
     *
     * <p>Closing does not wait for a piece that another thread runs: that piece keeps the values until it ends. Pieces
     * that wait for it are refused with an {@code IllegalStateException}.
     *
     * @return the scope, in which nothing runs yet; close it after the last piece
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
     * Returns a task that runs a given one in a managed scope of its own each time.
     *
     * @param task the task
     * @return the managed task
     */
    @CheckReturnValue
    public Runnable managed(Runnable task) {
        return new ManagedCode.Task(this, requireNonNull(task, "task"));
    }

    /**
     * Returns a task that calls a given one in a managed scope of its own each time. The scope ends when the given task
     * returns, even if its result is a stream.
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
     * Returns a function that applies a given one in a managed scope of its own each time. If the result is a {@code
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
     * Returns an identifier that distinguishes the current context from others that run at the same time, for logs.
     * Each managed scope is a context, and so is each task that is handed over in it. Outside of any scope of this
     * manager, each thread is a context.
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
