package dev.scopedcontext.local;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of one {@link Local} in one context, by name: a hash table that one thread writes.
 *
 * <p>The table is probed linearly. Its length is a power of two, and at most two thirds of it is used. The entry of a
 * name stays in the table, also without a value, until the table grows.
 *
 * <p>The cost of a snapshot does not depend on the number of values, because the array and its entries are then shared.
 * The next write copies the array and replaces the entry that it writes. Later writes update that entry itself.
 *
 * <p>A thread that the JDK's own {@code StructuredTaskScope} forked inherits the table of its parent and may read it
 * while the parent writes. Every reference on the path to a value is therefore written with release and read with
 * acquire. Such a thread sees the values that were set before it was forked, or later ones.
 *
 * <p>The reasons are in {@code docs/decisions/0013-locals.md}.
 */
class ValueTable {

    private static final VarHandle ENTRIES = handle("entries", NamedValue[].class);
    private static final VarHandle LATEST = handle("latest", NamedValue.class);
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(NamedValue[].class);

    private static final int SMALLEST = 8;

    /** The empty table, in which no value can be set. */
    static final ValueTable EMPTY = new ValueTable(new @Nullable NamedValue[SMALLEST], 0);

    /** The thread that may write, or null. Even without synchronization, only the owner ever reads itself here. */
    private @Nullable Thread owner;

    /** Whether some thread that inherited this table uses a copy of its own. Written and read by any thread. */
    private boolean copied;

    private @Nullable NamedValue[] entries;

    /** The entry that was added last, which is found without a search. A stack has no other. */
    @SuppressWarnings("UnusedVariable") // it is read through its handle
    private NamedValue latest = NamedValue.NONE;

    /** The number of entries. Used by the owner only, as are the fields below. */
    private int used;

    /** An immutable table that shares the array, or null. */
    private @Nullable ValueTable snapshot;

    /** Identifies the entries that this table may write; null while the array is shared. */
    private @Nullable Object writer;

    /** Creates an immutable table. */
    private ValueTable(@Nullable NamedValue[] entries, int used) {
        this.entries = entries;
        this.used = used;
        this.snapshot = this;
    }

    /** Creates a table that starts with the values of an immutable table. */
    ValueTable(@Nullable Thread owner, ValueTable start) {
        this.owner = owner;
        this.entries = start.entries;
        this.used = start.used;
        this.snapshot = start;
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(ValueTable.class, field, type);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("ValueTable has a field " + field, impossible);
        }
    }

    /** Returns the hash of a name, from which the search for its entry starts. */
    static int hash(String name) {
        int hash = name.hashCode();
        return hash ^ hash >>> 16;
    }

    final boolean isOwned() {
        return owner == Thread.currentThread();
    }

    /** Returns whether no thread may write. */
    final boolean isFrozen() {
        return owner == null;
    }

    /** Sets the owner, or null. The writes of the previous owner must happen-before those of the next one. */
    final void passTo(@Nullable Thread next) {
        owner = next;
    }

    /** Returns whether some thread that inherited this table uses a copy of its own. */
    final boolean isCopied() {
        return copied;
    }

    /** Returns a copy that the calling thread, which inherited this table, uses from now on. */
    final ValueTable copyOfInherited() {
        copied = true;
        return new ValueTable(Thread.currentThread(), freeze());
    }

    /** Returns whether there is no value. Called by the owner only. */
    final boolean isEmpty() {
        for (NamedValue entry : entries) {
            if (entry != null && entry.hasValue()) {
                return false;
            }
        }
        return true;
    }

    /** Returns a value, or {@link NamedValue#ABSENT}. Called by any thread. */
    @Nullable
    final Object get(String name, int hash) {
        return entry(name, hash).getAcquire();
    }

    /** Sets a value, or removes it if it is {@link NamedValue#ABSENT}. Called by the owner only. */
    final void set(String name, int hash, @Nullable Object value) {
        NamedValue entry = entry(name, hash);
        if (entry.writer == writer) {
            entry.setRelease(value);
        } else if (entry.getAcquire() != value) {
            replace(name, hash, value);
        }
    }

    private NamedValue entry(String name, int hash) {
        NamedValue entry = (NamedValue) LATEST.getAcquire(this);
        return entry.name == name ? entry : find(name, hash);
    }

    private NamedValue find(String name, int hash) {
        @Nullable
        NamedValue[] array = (@Nullable NamedValue[]) ENTRIES.getAcquire(this);
        for (int i = hash;; i++) {
            NamedValue entry = (NamedValue) ENTRY.getAcquire(array, i & array.length - 1);
            if (entry == null) {
                return NamedValue.NONE;
            }
            if (entry.isOf(name)) {
                return entry;
            }
        }
    }

    private void replace(String name, int hash, @Nullable Object value) {
        if (writer == null) {
            writer = new Object();
            snapshot = null;
            ENTRIES.setRelease(this, entries.clone());
        }
        int i = indexOf(entries, name, hash);
        if (entries[i] == null) {
            used++;
            if (used * 3 > entries.length * 2) {
                grow();
                i = indexOf(entries, name, hash);
            }
        }
        NamedValue entry = new NamedValue(name, value, writer);
        ENTRY.setRelease(entries, i, entry);
        LATEST.setRelease(this, entry);
    }

    /** Makes room for one more entry, and removes the entries without a value. */
    private void grow() {
        List<NamedValue> remaining = entriesWithValue();
        used = remaining.size() + 1;
        ENTRIES.setRelease(this, arrayOf(remaining));
    }

    /** Returns an array with the given entries and room for one more. */
    private static @Nullable NamedValue[] arrayOf(List<NamedValue> entries) {
        int length = Integer.highestOneBit((entries.size() + 1) * 4);
        @Nullable
        NamedValue[] array = new @Nullable NamedValue[Math.max(SMALLEST, length)];
        for (NamedValue entry : entries) {
            array[indexOf(array, entry.name, hash(entry.name))] = entry;
        }
        return array;
    }

    /** Returns the index of the entry of a name, or of the free element for it. No other thread writes the array. */
    private static int indexOf(@Nullable NamedValue[] array, String name, int hash) {
        int i = hash & array.length - 1;
        for (NamedValue entry = array[i]; entry != null && !entry.isOf(name); entry = array[i]) {
            i = i + 1 & array.length - 1;
        }
        return i;
    }

    final void clear() {
        LATEST.setRelease(this, NamedValue.NONE);
        ENTRIES.setRelease(this, EMPTY.entries);
        used = 0;
        snapshot = EMPTY;
        writer = null;
    }

    /** Returns an immutable table with the current values. Called by any thread. */
    ValueTable freeze() {
        if (owner == null) {
            return this;
        }
        if (!isOwned()) {
            return copy();
        }
        if (snapshot == null) {
            snapshot = new ValueTable(entries, used);
            writer = null;
        }
        return snapshot;
    }

    /** Returns an immutable copy that shares no entry. Called by any thread, while the owner may write. */
    final ValueTable copy() {
        List<NamedValue> copies = entriesWithValue();
        copies.replaceAll(NamedValue::copy);
        return new ValueTable(arrayOf(copies), copies.size());
    }

    /** Returns the current values by name. Called by any thread. */
    final Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> values = new HashMap<>();
        for (NamedValue entry : entriesWithValue()) {
            Object value = entry.getAcquire();
            if (value != NamedValue.ABSENT) { // the owner may have removed it in the meantime
                values.put(entry.name, value);
            }
        }
        return values;
    }

    /** Returns the entries that have a value. Called by any thread. */
    private List<NamedValue> entriesWithValue() {
        @Nullable
        NamedValue[] array = (@Nullable NamedValue[]) ENTRIES.getAcquire(this);
        List<NamedValue> found = new ArrayList<>();
        for (int i = 0; i < array.length; i++) {
            NamedValue entry = (NamedValue) ENTRY.getAcquire(array, i);
            if (entry != null && entry.hasValue()) {
                found.add(entry);
            }
        }
        return found;
    }
}
