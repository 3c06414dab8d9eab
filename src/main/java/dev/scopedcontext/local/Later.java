package dev.scopedcontext.local;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import org.jspecify.annotations.Nullable;

/**
 * Goes on in the context that a function returned from: what was bound then, and the scope that stays open.
 *
 * <p>If it is gone on with inside scopes around that one, as where two managers wrap one function, those go on too,
 * instead of the copies of them that were captured.
 */
final class Later {

    private final LocalScope scope;
    private final ContextSnapshot context = ScopedContext.capture();

    Later(LocalScope scope) {
        this.scope = scope;
    }

    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        Bindings around = around(scope.outer);
        CallableOp<R, X> inScope = () -> scope.call(op);
        return context.call(around == null ? inScope : () -> around.call(inScope));
    }

    void run(Runnable op) {
        this.<@Nullable Void, RuntimeException>call(() -> {
            op.run();
            return null;
        });
    }

    /** Returns what the scopes around bind that the calling thread is in. */
    private static @Nullable Bindings around(@Nullable LocalScope outer) {
        if (outer == null) {
            return null;
        }
        Bindings around = around(outer.outer);
        return outer.isEntered() ? outer.addTo(around) : around;
    }
}
