package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** Keeps the current scope in the {@link ThreadSlot}: for JDK 17 to 24, and where it is asked for. */
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
        return cell == null ? current() : ThreadSlot.scopeIn(cell);
    }

    @Override
    public void run(Scope scope, @Nullable Object @Nullable [] known) {
        @Nullable
        Object[] cell = known == null ? cell() : known;
        Object outer = cell[ThreadSlot.CURRENT];
        cell[ThreadSlot.CURRENT] = scope;
        try {
            scope.run();
        } finally {
            cell[ThreadSlot.CURRENT] = outer;
        }
    }
}
