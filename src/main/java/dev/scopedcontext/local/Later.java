package dev.scopedcontext.local;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Continues in the context that a function returned from: in its managed scope, which stays open, and with the values
 * that were bound then.
 *
 * <p>Where the function was called, these values are still bound, so only the scope is entered. Anywhere else the
 * captured context is handed over. If the calling thread runs in scopes around that one, as when two managers wrap one
 * function, their values are used instead of the captured copies.
 */
final class Later {

    final LocalScope scope;

    /** The place inside of the function. */
    private final Place inside;

    /** The place that the function was called in; null if the function left bindings attached. */
    private final @Nullable Place called;

    private final ContextSnapshot context = ScopedContext.capture();

    /** The scopes around, innermost first. */
    private final List<Around> around;

    /** Called at the end of the function, in its scope. */
    Later(LocalScope scope, Place inside, Place called) {
        this.scope = scope;
        this.inside = inside;
        this.called = inside.isHere() ? called : null;
        this.around = Entered.scopesOfThread().stream().filter(entered -> entered != scope)
                .map(outer -> new Around(outer, outer.bindingsInForce())).toList();
    }

    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return this.<R, X>callInContext(() -> callInScope(op));
    }

    void run(Runnable op) {
        this.<@Nullable Void, RuntimeException>call(returningNull(op));
    }

    /**
     * Closes a result in the context and in the scope. If one of these cannot be entered, closes the result outside of
     * it and throws the refusal. If another thread runs in the scope, such as in a step that closing the result ends,
     * does not wait for it, but uses a copy of the values.
     */
    void close(AutoCloseable result) {
        Endings.reach(this::runInContext, refused -> Endings.reach(this::runInScope, closed -> closeNow(result)));
    }

    private static void closeNow(AutoCloseable result) {
        try {
            result.close();
        } catch (Throwable failure) {
            Failures.throwIfAny(failure);
        }
    }

    private void runInContext(Runnable op) {
        this.<@Nullable Void, RuntimeException>callInContext(returningNull(op));
    }

    private void runInScope(Runnable op) {
        boolean done = scope.runUnlessBusy(() -> inside.<@Nullable Void, RuntimeException>call(returningNull(op)));
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
        if (called != null && called.isHere()) {
            return op.call();
        }
        CallableOp<? extends R, X> inScopes = op;
        for (Around outer : around) {
            if (outer.scope.isEntered()) {
                Bindings bindings = outer.bindings();
                CallableOp<? extends R, X> next = inScopes;
                inScopes = () -> bindings.<R, X>call(next);
            }
        }
        return context.<R, X>call(inScopes);
    }

    /**
     * A scope around that in which the function ran.
     *
     * @param scope the scope
     * @param cells binds its cells, except for those that another scope hid from the function
     */
    private record Around(LocalScope scope, Bindings cells) {

        Bindings bindings() {
            return cells.where(Entered.KEY, new Entered(scope));
        }
    }
}
