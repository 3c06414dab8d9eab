package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the current scope in one {@link ScopedValue}. Scopes of attachments that no {@code run} of the same thread
 * surrounds, which a {@code ScopedValue} cannot hold, are in the {@link ThreadSlot}.
 *
 * <p>This is the only class that uses an API newer than that of JDK 17. The build compiles it separately, into a class
 * file of JDK 17, and {@link BackendChoice} links it on JDK 25 and newer only.
 */
final class ScopedValueBackend implements Backend {

    private static final ScopedValue<Scope> SLOT = ScopedValue.newInstance();

    @Override
    public @Nullable Scope current() {
        return ThreadSlot.scopeUnless(SLOT.orElse(Scope.NONE));
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(Scope scope, CallableOp<? extends R, X> op)
            throws X {
        return ScopedValue.where(SLOT, scope).call(() -> scope.call(op));
    }
}
