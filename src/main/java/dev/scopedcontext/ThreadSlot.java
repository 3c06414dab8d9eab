package dev.scopedcontext;

import dev.scopedcontext.internal.Log;
import dev.scopedcontext.internal.StackReserve;
import org.jspecify.annotations.Nullable;

/**
 * The only {@code ThreadLocal} of the engine: a cell that holds the scope of the thread.
 *
 * <p>The content of the cell is changed, not the {@code ThreadLocal}, so restoring an outer scope is one array store
 * that needs no stack. The empty cell stays in the thread, because adding and removing it would cost more than the rest
 * of an entry. It is an array, not a class of this library, so it retains no class loader.
 *
 * <p>The reasons are in {@code docs/decisions/0006-stack-overflow.md}.
 */
final class ThreadSlot {

    private static final ThreadLocal<@Nullable Object @Nullable []> CELL = new ThreadLocal<>();

    /** The number of calls that must fit for actions that a stack overflow has delayed. */
    private static final int RESERVED = 64;

    /** The index in the cell of the current scope. */
    static final int CURRENT = 0;

    /** The index in the cell of the scope that a platform thread has inherited. */
    private static final int INHERITED = 1;

    /** The index in the cell of a scope of attachments that could not end because of a stack overflow. */
    static final int UNFINISHED = 2;

    private ThreadSlot() {
    }

    /** Returns the cell of this thread, or null if it has none yet. */
    static @Nullable Object @Nullable [] cell() {
        return CELL.get();
    }

    /** Returns the scope of this thread. */
    static @Nullable Scope scope() {
        @Nullable
        Object[] cell = CELL.get();
        return cell == null ? null : scopeIn(cell);
    }

    /** Returns the scope in the cell of this thread. */
    static @Nullable Scope scopeIn(@Nullable Object[] cell) {
        Scope scope = (Scope) cell[CURRENT];
        return scope != null ? scope : outside(cell);
    }

    private static @Nullable Scope outside(@Nullable Object[] cell) {
        Scope unfinished = (Scope) cell[UNFINISHED];
        if (unfinished != null) {
            finish(unfinished, cell);
        }
        return (Scope) cell[INHERITED];
    }

    /**
     * Returns the current scope of a thread whose {@code ScopedValue} holds a given scope.
     *
     * @param held the scope, or {@link Scope#NONE} if the {@code ScopedValue} is not bound
     */
    static @Nullable Scope scopeUnless(Scope held) {
        return held.slotMayDiffer && !held.isOwned() ? scopeOr(held) : held;
    }

    private static @Nullable Scope scopeOr(Scope held) {
        Scope ofThread = scope();
        return ofThread != null || held == Scope.NONE ? ofThread : held;
    }

    /** Returns the cell of this thread. It is created at the first use, and stays in the thread. */
    static @Nullable Object[] open() {
        @Nullable
        Object[] cell = CELL.get();
        return cell != null ? cell : open(null);
    }

    /** Creates the cell of this thread, which has inherited the given scope, or none. */
    static @Nullable Object[] open(@Nullable Scope inherited) {
        @Nullable
        Object[] cell = {null, inherited, null};
        CELL.set(cell);
        return cell;
    }

    /** Ends a scope that could not end because of a stack overflow. It is current while its actions run. */
    private static void finish(Scope scope, @Nullable Object[] cell) {
        StackReserve.ensure(RESERVED);
        boolean finished = false;
        cell[CURRENT] = scope;
        try {
            Throwable failure = scope.settleAll(null);
            finished = true;
            if (failure != null) {
                Log.warn("An action at the end of an attachment, delayed by a stack overflow, has failed", failure);
            }
        } finally {
            cell[CURRENT] = null;
            if (finished) {
                cell[UNFINISHED] = null;
            }
        }
    }
}
