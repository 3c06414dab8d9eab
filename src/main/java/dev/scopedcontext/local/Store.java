package dev.scopedcontext.local;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cell of the context that the calling thread is in, for one {@link Local} or {@link LocalStack}.
 *
 * <ol>
 * <li>Inside of a managed scope the cell is bound, and the thread is its owner.
 * <li>Inside of one that was inherited, it is bound and another thread is the owner: that one is read. The first
 * write makes a copy, which this thread uses from then on. A thread inherits once, from one thread, so there is
 * one such copy at most.
 * <li>Anywhere else the thread has a cell of its own, for as long as there is something in it.
 * </ol>
 */
final class Store {

    final ContextKey<Cell> key;

    private final ThreadLocal<@Nullable Cell> ofThread = new ThreadLocal<>();
    private final ThreadLocal<@Nullable Copied> copied = new ThreadLocal<>();

    Store(String name) {
        this.key = ContextKey.<Cell>builder(name).handOff(new ToTask()).build();
    }

    /** Returns the cell to read, which may be {@link Cell#EMPTY}. */
    Cell toRead() {
        Cell bound = key.orElse(null);
        return bound != null && !bound.isLeft() ? bound : elsewhere(bound);
    }

    private Cell elsewhere(@Nullable Cell bound) {
        if (bound == null) {
            Cell cell = ofThread.get();
            return cell != null ? cell : Cell.EMPTY;
        }
        Copied copy = bound.isOwned() ? null : copied.get();
        return copy != null && copy.original == bound ? copy.cell : bound;
    }

    /** Returns the cell to write, which is the calling thread's. */
    Cell toWrite() {
        Cell bound = key.orElse(null);
        return bound != null && bound.isOwned() ? bound : ownCell(bound);
    }

    private Cell ownCell(@Nullable Cell inherited) {
        Cell own = elsewhere(inherited);
        if (own.isOwned()) {
            return own;
        }
        if (inherited == null) {
            PooledThreads.refuse(key.name());
            Cell cell = new Cell(Thread.currentThread(), Cell.EMPTY);
            ofThread.set(cell);
            return cell;
        }
        if (inherited.isFrozen()) {
            throw new IllegalStateException(key.name() + " cannot be changed while context is being handed over:"
                    + " change it in the task");
        }
        Cell cell = inherited.leave();
        copied.set(new Copied(inherited, cell));
        return cell;
    }

    /** Removes a value, and tells whether there was one. */
    boolean remove(String name, int hash) {
        if (toRead().get(name, hash) == Slot.ABSENT) {
            return false;
        }
        toWrite().set(name, hash, Slot.ABSENT);
        letGoIfEmpty();
        return true;
    }

    void clear() {
        if (toRead() != Cell.EMPTY) {
            toWrite().clear();
            letGoIfEmpty();
        }
    }

    /** Leaves nothing behind in the thread when there is nothing more in its own cell. */
    private void letGoIfEmpty() {
        if (!key.isBound() && toRead().isEmpty()) {
            ofThread.remove();
        }
    }

    /** What a thread that inherited a cell wrote. */
    private record Copied(Cell original, Cell cell) {
    }

    /** Gives each task a cell of its own, with the values as they are when context is captured. */
    private final class ToTask implements HandOff<Cell> {

        @Override
        public Cell capture(Cell bound) {
            return elsewhere(bound).freeze();
        }

        @Override
        public Cell open(Cell captured) {
            return new Cell(Thread.currentThread(), captured);
        }
    }
}
