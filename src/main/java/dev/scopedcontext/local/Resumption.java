package dev.scopedcontext.local;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resumes a function after its return: runs code in its managed scope, which is still open, with the values that were
 * bound when the function returned.
 *
 * <p>At the position of the call, these values are still bound, so only the scope is entered. Anywhere else, the
 * captured context is handed over. If the calling thread runs in outer scopes, as when two managers manage one
 * function, the values of these scopes are used instead of the captured copies.
 */
final class Resumption {

    final LocalScope scope;

    /** The position inside of the function. */
    private final FunctionPosition inside;

    /** The position of the call, or null if the function left bindings attached. */
    private final @Nullable FunctionPosition call;

    private final ContextSnapshot context;

    /** The outer scopes, innermost first. */
    private final List<ScopeAround> around;

    /** Creates a resumption at the end of the function, in its scope. */
    Resumption(LocalScope scope, FunctionPosition inside, FunctionPosition call) {
        this.scope = scope;
        this.inside = inside;
        this.call = inside.isHere() ? call : null;
        List<LocalScope> entered = ManagedScopes.scopesOfThread().stream().filter(outer -> outer != scope).toList();
        this.context = scope.captureWith(entered);
        this.around = entered.stream().map(outer -> new ScopeAround(outer, outer.bindingsInForce())).toList();
    }

    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return this.<R, X>callInContext(() -> callInScope(op));
    }

    /**
     * Closes a result in the context and in the scope. If one of these cannot be entered, closes the result outside of
     * it and throws the exception. If another thread runs in the scope, for example in a step that closing the result
     * ends, uses a copy of the values instead of waiting for that thread.
     */
    void close(AutoCloseable result) {
        Endings.reach(this::runInContext, refused -> Endings.reach(this::runInScope, closed -> closeNow(result)));
    }

    private static void closeNow(AutoCloseable result) {
        Failures.throwIfAny(Failures.attempt(null, result));
    }

    private void runInContext(Runnable op) {
        this.<@Nullable Void, RuntimeException>callInContext(returningNull(op));
    }

    private void runInScope(Runnable op) {
        boolean done = scope.run(() -> inside.<@Nullable Void, RuntimeException>call(returningNull(op)), false);
        if (!done) {
            scope.copies().run(op);
        }
    }

    private static CallableOp<@Nullable Void, RuntimeException> returningNull(Runnable op) {
        return () -> {
            op.run();
            return null;
        };
    }

    private <R extends @Nullable Object, X extends Throwable> R callInScope(CallableOp<? extends R, X> op) throws X {
        return scope.<R, X>call(() -> inside.<R, X>call(op));
    }

    private <R extends @Nullable Object, X extends Throwable> R callInContext(CallableOp<? extends R, X> op) throws X {
        if (call != null && call.isHere()) {
            return op.call();
        }
        CallableOp<? extends R, X> inScopes = op;
        for (ScopeAround outer : around) {
            if (outer.scope.isEntered()) {
                Bindings bindings = outer.bindings();
                CallableOp<? extends R, X> next = inScopes;
                inScopes = () -> bindings.<R, X>call(next);
            }
        }
        return context.<R, X>call(inScopes);
    }

    /**
     * A scope around the scope of the function.
     *
     * @param scope the scope
     * @param tables binds its tables, except those that another scope hid from the function
     */
    private record ScopeAround(LocalScope scope, Bindings tables) {

        Bindings bindings() {
            return tables.where(ManagedScopes.KEY, new ManagedScopes(scope));
        }
    }
}
