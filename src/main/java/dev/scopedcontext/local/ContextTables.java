package dev.scopedcontext.local;

import dev.scopedcontext.ContextKey;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one {@link Local} or {@link LocalStack}, one for each context. Finds the table of the context that the
 * calling thread runs in:
 *
 * <ol>
 * <li>In a managed scope or a task, the table is bound and the thread owns it.
 * <li>In a scope that the thread inherited from another thread, the table is bound and the other thread owns it. This
 * thread reads that table. Its first write makes a copy, which it uses from then on. A thread inherits from one
 * thread only, so it has at most one such copy.
 * <li>Otherwise the thread has a table of its own, for as long as that has values.
 * </ol>
 */
final class ContextTables {

    final ContextKey<ValueTable> key;
    final TableHandOff handOff = new TableHandOff(this::inUse);

    private final ThreadLocal<@Nullable ValueTable> ofThread = new ThreadLocal<>();
    private final ThreadLocal<@Nullable Copy> copied = new ThreadLocal<>();

    ContextTables(String name) {
        this.key = ContextKey.<ValueTable>builder(name).handOff(handOff).build();
    }

    /** Returns the table to read, which may be {@link ValueTable#EMPTY}. */
    ValueTable toRead() {
        ValueTable bound = key.orElse(null);
        return bound != null && !bound.isCopied() ? bound : inUse(bound);
    }

    /** Returns the table that the calling thread reads if the given one is bound, or if none is. */
    private ValueTable inUse(@Nullable ValueTable bound) {
        if (bound == null) {
            ValueTable table = ofThread.get();
            return table != null ? table : ValueTable.EMPTY;
        }
        Copy copy = bound.isOwned() ? null : copied.get();
        return copy != null && copy.original == bound ? copy.table : bound;
    }

    /** Returns the table to write, which the calling thread owns. */
    ValueTable toWrite() {
        ValueTable bound = key.orElse(null);
        return bound != null && bound.isOwned() ? bound : ownTable(bound);
    }

    private ValueTable ownTable(@Nullable ValueTable inherited) {
        ValueTable inUse = inUse(inherited);
        if (inUse.isOwned()) {
            return inUse;
        }
        if (inherited == null) {
            PooledThreads.refuse(key.name());
            ValueTable table = new ValueTable(Thread.currentThread(), ValueTable.EMPTY);
            ofThread.set(table);
            return table;
        }
        if (inherited.isFrozen()) {
            throw new IllegalStateException(key.name() + " cannot be changed while context is being handed over:"
                    + " change it in the task");
        }
        ValueTable table = inherited.copyOfInherited();
        copied.set(new Copy(inherited, table));
        return table;
    }

    /** Removes a value, and returns whether there was one. */
    boolean remove(String name, int hash) {
        if (toRead().get(name, hash) == NamedValue.ABSENT) {
            return false;
        }
        toWrite().set(name, hash, NamedValue.ABSENT);
        removeFromThreadIfEmpty();
        return true;
    }

    void clear() {
        if (toRead() != ValueTable.EMPTY) {
            toWrite().clear();
            removeFromThreadIfEmpty();
        }
    }

    private void removeFromThreadIfEmpty() {
        if (!key.isBound() && toRead().isEmpty()) {
            ofThread.remove();
        }
    }

    /** The copy that a thread uses instead of a table that it inherited. */
    private record Copy(ValueTable original, ValueTable table) {
    }
}
