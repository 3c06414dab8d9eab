package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Stores the current scope in the {@link ThreadSlot}: on JDK 17 to 24, and on request. */
final class ThreadLocalBackend implements Backend {

    @Override
    public @Nullable Scope current() {
        return ThreadSlot.scope();
    }

    @Override
    public @Nullable Object[] cell() {
        return ThreadSlot.open();
    }

    @Override
    public @Nullable Scope around(@Nullable Object @Nullable [] cell) {
        return ThreadSlot.scopeIn(requireNonNull(cell));
    }

    @Override
    public void run(Scope scope, @Nullable Object @Nullable [] cell) {
        Object outer = requireNonNull(cell)[ThreadSlot.CURRENT];
        cell[ThreadSlot.CURRENT] = scope;
        try {
            scope.run();
        } finally {
            cell[ThreadSlot.CURRENT] = outer;
        }
    }
}
