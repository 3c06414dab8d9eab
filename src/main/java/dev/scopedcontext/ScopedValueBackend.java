package dev.scopedcontext;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Stores the current scope in one {@link ScopedValue}. A {@code ScopedValue} cannot hold scopes of attachments that no
 * {@code run} of the same thread surrounds. These are stored in the {@link ThreadSlot}.
 *
 * <p>This is the only class that uses an API newer than that of JDK 17. The build compiles it separately, into a class
 * file of JDK 17, and {@link BackendChoice} links it on JDK 25 and newer only.
 *
 * <p>The reasons are in {@code docs/decisions/0017-packaging-and-build.md}.
 */
final class ScopedValueBackend implements Backend {

    private static final ScopedValue<Scope> SLOT = ScopedValue.newInstance();

    /**
     * Initializes the class that the JDK's cache of scoped values uses to evict entries. If its first use overflowed
     * the stack, no scoped value could be read in this JVM afterwards.
     */
    ScopedValueBackend() {
        ThreadLocalRandom.current();
    }

    @Override
    public @Nullable Scope current() {
        return ThreadSlot.scopeUnless(SLOT.orElse(Scope.NONE));
    }

    /** Returns a cell on platform threads, where it is found faster than the scope in the {@code ScopedValue}. */
    @Override
    public @Nullable Object @Nullable [] cell() {
        if (Thread.currentThread().isVirtual()) {
            return null;
        }
        @Nullable
        Object[] cell = ThreadSlot.cell();
        return cell != null ? cell : openCell();
    }

    private static @Nullable Object[] openCell() {
        Scope bound = SLOT.orElse(Scope.NONE);
        return ThreadSlot.open(bound == Scope.NONE || bound.isOwned() ? null : bound);
    }

    /** Reads the cell on platform threads only. On virtual threads, it holds only scopes of attachments. */
    @Override
    public @Nullable Scope around(@Nullable Object @Nullable [] cell) {
        return cell == null || Thread.currentThread().isVirtual() ? current() : ThreadSlot.scopeIn(cell);
    }

    @Override
    public void run(Scope scope, @Nullable Object @Nullable [] cell) {
        if (cell == null) {
            ScopedValue.where(SLOT, scope).run(scope);
            return;
        }
        Object outer = cell[ThreadSlot.CURRENT];
        cell[ThreadSlot.CURRENT] = scope;
        try {
            ScopedValue.where(SLOT, scope).run(scope);
        } finally {
            cell[ThreadSlot.CURRENT] = outer;
        }
    }
}
