package dev.scopedcontext;

import dev.scopedcontext.internal.Log;
import dev.scopedcontext.internal.StackReserve;
import org.jspecify.annotations.Nullable;

/**
 * The one {@code ThreadLocal} of this library: a cell that holds the scope of this thread.
 *
 * <p>The cell is written through, so restoring an outer scope is one array store that needs no stack. It is an array,
 * not a class of ours, so a cell that stays behind (its removal is a call, which can overflow the stack) is empty and
 * pins no class loader. The next scope of the thread uses it again.
 */
final class ThreadSlot {

    private static final ThreadLocal<@Nullable Object @Nullable []> CELL = new ThreadLocal<>();

    /** Stack for the actions that a stack overflow has kept from running. */
    private static final int RESERVED = 64;

    private ThreadSlot() {
    }

    /** Returns the scope of this thread; none if a stack overflow kept it from ending, in which case it ends now. */
    static @Nullable Scope scope() {
        @Nullable
        Object[] cell = CELL.get();
        Scope scope = cell == null ? null : (Scope) cell[0];
        return scope == null || !scope.interrupted ? scope : finish(scope);
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

    /** Returns the cell of this thread. A caller that finds it empty must {@link #remove} it when it is empty again. */
    static @Nullable Object[] open() {
        @Nullable
        Object[] cell = CELL.get();
        if (cell == null) {
            cell = new @Nullable Object[1];
            CELL.set(cell);
        }
        return cell;
    }

    static void remove() {
        CELL.remove();
    }

    /** Ends a scope that a stack overflow has kept from ending. */
    private static @Nullable Scope finish(Scope scope) {
        StackReserve.ensure(RESERVED);
        scope.interrupted = false; // so that the actions find the scope current
        try {
            Throwable failure = scope.settleAll(null);
            if (failure != null) {
                Log.warn("An action failed that a stack overflow had kept from running at the end of its attachment",
                        failure);
            }
        } catch (VirtualMachineError exhausted) {
            scope.interrupted = true;
            throw exhausted;
        }
        open()[0] = null;
        remove();
        return null;
    }
}
