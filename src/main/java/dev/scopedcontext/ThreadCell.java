package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * The one {@code ThreadLocal} of the library: a cell that holds the scope of this thread.
 *
 * <p>The cell is written through, so that putting back an outer scope is one array store that needs no stack.
 * It is an array, not a class of ours, so that a cell which stays behind (its removal is a call, and can
 * overflow the stack) is empty and pins no class loader; the next scope of the thread takes it up again.
 */
final class ThreadCell {

    private static final ThreadLocal<@Nullable Object @Nullable []> CELL = new ThreadLocal<>();

    private ThreadCell() {
    }

    static @Nullable Scope scope() {
        @Nullable
        Object[] cell = CELL.get();
        return cell == null ? null : (Scope) cell[0];
    }

    /** Returns this thread's cell, after which {@link #remove} is owed by whoever found it empty, once it is again. */
    static @Nullable Object[] open() {
        @Nullable
        Object[] cell = CELL.get();
        if (cell == null) {
            cell = new @Nullable Object[1];
            CELL.set(cell);
        }
        return cell;
    }

    /** Empties and removes the cell of this thread. */
    static void empty() {
        @Nullable
        Object[] cell = CELL.get();
        if (cell != null) {
            cell[0] = null;
            CELL.remove();
        }
    }

    static void remove() {
        CELL.remove();
    }
}
