package dev.scopedcontext.local;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of one {@link Local} in one context: a hash table from names to values that one thread writes.
 *
 * <p>Names and values alternate in an array that is probed linearly. It has a power of two places, at most two
 * thirds of them with a name. A name that was written to an array stays where it is, and with null for a value
 * if it was removed; {@link #NULL} stands for a null that was set.
 *
 * <p>To take the values as they are costs the same however many there are: the array is shared, and whoever
 * writes next copies it first. Later writes are in place.
 *
 * <p>A thread that the JDK's own {@code StructuredTaskScope} forked inherits the cell of its parent, and may
 * read it while that writes. So the array and the values in it are written with release and read with acquire:
 * such a reader finds what was set before it was forked or something newer, and never an object half made.
 */
final class Cell {

    /** Stands for null, since null stands for nothing. */
    static final Object NULL = new Object();

    private static final VarHandle TABLE = tableHandle();
    private static final VarHandle PLACES = MethodHandles.arrayElementVarHandle(Object[].class);

    private static final int SMALLEST = 16;

    /** The cell in which nothing is set and nothing can be. */
    static final Cell EMPTY = new Cell(new @Nullable Object[SMALLEST], 0, 0);

    /** The thread that may write; null while none may. Others that read it see some thread that is not them. */
    private @Nullable Thread owner;

    private @Nullable Object[] table;

    /** The last place of the table, so that where to look is known before the length of the array is read. */
    private int last;

    /** How many names there are in the table, and how many of them have a value. The owner's alone. */
    private int used;
    private int size;

    /** What was read last, which is likely to be read next, and its value. The owner's alone. */
    private @Nullable String read;
    private @Nullable Object valueRead;

    /** A cell that has the same table, which must therefore be copied before it is written; or null. */
    private @Nullable Cell taken;

    /** Makes a cell that nobody writes. */
    private Cell(@Nullable Object[] table, int used, int size) {
        this.table = table;
        this.last = table.length - 1;
        this.used = used;
        this.size = size;
        this.taken = this;
    }

    /** Makes a cell of a thread that starts with the values of one that nobody writes. */
    Cell(@Nullable Thread owner, Cell start) {
        this.owner = owner;
        this.table = start.table;
        this.last = start.last;
        this.used = start.used;
        this.size = start.size;
        this.taken = start;
    }

    private static VarHandle tableHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Cell.class, "table", Object[].class);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("Cell has a table", impossible);
        }
    }

    /** Returns where to start looking for a name. */
    static int hash(String name) {
        int hash = name.hashCode();
        return (hash ^ hash >>> 16) << 1;
    }

    boolean isOwned() {
        return owner == Thread.currentThread();
    }

    /** Tells whether no thread may write. */
    boolean isFrozen() {
        return owner == null;
    }

    /** Lets another thread write, which must have seen all that the last one wrote; or none. */
    void pass(@Nullable Thread next) {
        owner = next;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns a value, {@link #NULL}, or null if there is none; on any thread. */
    @Nullable
    Object get(String name, int hash) {
        if (!isOwned()) {
            return lookUp(name, hash);
        }
        if (read != name) {
            valueRead = lookUp(name, hash);
            read = name;
        }
        return valueRead;
    }

    private @Nullable Object lookUp(String name, int hash) {
        @Nullable
        Object[] t = (@Nullable Object[]) TABLE.getAcquire(this);
        int end = last;
        if (end != t.length - 1) {
            end = t.length - 1; // another thread has set one, and not yet the other
        }
        int i = find(t, end, name, hash);
        return i < 0 ? null : PLACES.getAcquire(t, i + 1);
    }

    /** Sets a value, which is null to remove it, and returns the one before; the owner only. */
    @Nullable
    Object put(String name, int hash, @Nullable Object value) {
        forgetRead();
        int i = find(table, last, name, hash);
        Object before = i < 0 ? null : table[i + 1];
        if (before == value) {
            return before;
        }
        if (taken != null) {
            TABLE.setRelease(this, table.clone());
            taken = null;
        }
        if (i < 0) {
            i = add(name, hash, ~i);
        }
        PLACES.setRelease(table, i + 1, value);
        if (before == null) {
            size++;
        } else if (value == null) {
            size--;
        }
        return before;
    }

    private void forgetRead() {
        if (read != null) {
            read = null;
            valueRead = null;
        }
    }

    private int add(String name, int hash, int free) {
        int i = free;
        if ((used + 1) * 3 > table.length) {
            grow();
            i = ~find(table, last, name, hash);
        }
        table[i] = name;
        used++;
        return i;
    }

    /** Makes room for one more, and lets go of the names that have no value. */
    private void grow() {
        int places = Math.max(SMALLEST / 2, Integer.highestOneBit((size + 1) * 4));
        @Nullable
        Object[] larger = new @Nullable Object[places * 2];
        for (int i = 0; i < table.length; i += 2) {
            if (table[i] instanceof String name && table[i + 1] != null) {
                int to = ~find(larger, larger.length - 1, name, hash(name));
                larger[to] = name;
                larger[to + 1] = table[i + 1];
            }
        }
        TABLE.setRelease(this, larger);
        last = larger.length - 1;
        used = size;
    }

    void clear() {
        forgetRead();
        TABLE.setRelease(this, EMPTY.table);
        last = EMPTY.last;
        taken = EMPTY;
        used = 0;
        size = 0;
    }

    /** Returns a cell with the values as they are now, which nobody will write; on any thread. */
    Cell freeze() {
        if (owner == null) {
            return this;
        }
        if (!isOwned()) {
            return copy();
        }
        if (taken == null) {
            taken = new Cell(table, used, size);
        }
        return taken;
    }

    /** Copies what its owner may be writing. A value is read before its name, since it is written after it. */
    private Cell copy() {
        @Nullable
        Object[] t = (@Nullable Object[]) TABLE.getAcquire(this);
        @Nullable
        Object[] copied = new @Nullable Object[t.length];
        int names = 0;
        int values = 0;
        for (int i = 0; i < t.length; i += 2) {
            copied[i + 1] = PLACES.getAcquire(t, i + 1);
            copied[i] = t[i];
            names += copied[i] == null ? 0 : 1;
            values += copied[i + 1] == null ? 0 : 1;
        }
        return new Cell(copied, names, values);
    }

    /** Returns the values by name, as they are now. */
    Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> values = new HashMap<>();
        @Nullable
        Object[] t = freeze().table;
        for (int i = 0; i < t.length; i += 2) {
            if (t[i] instanceof String name && t[i + 1] != null) {
                values.put(name, decode(t[i + 1]));
            }
        }
        return values;
    }

    static Object encode(@Nullable Object value) {
        return value == null ? NULL : value;
    }

    static @Nullable Object decode(@Nullable Object value) {
        return value == NULL ? null : value;
    }

    /** Returns where in a table a name is, or the complement of where it would be. */
    private static int find(@Nullable Object[] table, int last, String name, int hash) {
        for (int i = hash & last;; i = i + 2 & last) {
            Object there = table[i];
            if (there == null) {
                return ~i;
            }
            if (there == name || name.equals(there)) {
                return i;
            }
        }
    }
}
