package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the current scope in one {@link ScopedValue}; scopes of attachments with no {@code run} around them,
 * which a {@code ScopedValue} cannot hold, are in the {@link ThreadCell}.
 */
final class ScopedValueBackend implements Backend {

    private static final ScopedValue<Scope> SLOT = ScopedValue.newInstance();

    @Override
    public @Nullable Scope current() {
        Scope scope = SLOT.orElse(Scope.NONE);
        return scope != Scope.NONE ? scope : ThreadCell.scope();
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(Scope scope, CallableOp<? extends R, X> op)
            throws X {
        return ScopedValue.where(SLOT, scope).call(() -> scope.call(op));
    }
}
