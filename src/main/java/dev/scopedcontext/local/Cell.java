package dev.scopedcontext.local;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of one {@link Local} in one context, by name: a hash table of slots that one thread writes.
 *
 * <p>The table is probed linearly. It has a power of two places, at most two thirds of them with a slot. A name that
 * was written to a table stays there, also without a value, until the table grows.
 *
 * <p>To take the values as they are costs the same however many there are: the table and its slots are shared from
 * then on. Whoever writes next copies the table first, and gives each name that is written a slot of its own, which
 * is marked. Later writes are in place.
 *
 * <p>A thread that the JDK's own {@code StructuredTaskScope} forked inherits the cell of its parent, and may
 * read it while that writes. So all that is read on the way to a value is written with release and read with acquire:
 * such a reader finds what was set before it was forked or something newer, and never an object half made.
 */
final class Cell {

    private static final VarHandle TABLE = handle("table", Slot[].class);
    private static final VarHandle LAST = handle("last", Slot.class);
    private static final VarHandle PLACES = MethodHandles.arrayElementVarHandle(Slot[].class);

    private static final int SMALLEST = 8;

    /** The cell in which nothing is set and nothing can be. */
    static final Cell EMPTY = new Cell(new @Nullable Slot[SMALLEST], 0);

    /** The thread that may write; null while none may. Others that read it see some thread that is not them. */
    private @Nullable Thread owner;

    /** Whether a thread that inherited this reads a copy of its own instead. Read by any thread, written by those. */
    private boolean left;

    private @Nullable Slot[] table;

    /** The slot that was made last, which need not be looked for: a stack has no other. */
    @SuppressWarnings("UnusedVariable") // it is read through its handle
    private Slot last = Slot.NONE;

    /** How many places of the table have a slot. The owner's alone, as is what follows. */
    private int used;

    /** A cell that shares the table; null if none does. */
    private @Nullable Cell taken;

    /** What the slots that may be written are marked with; null while the table is shared. */
    private @Nullable Object mark;

    /** Makes a cell that nobody writes. */
    private Cell(@Nullable Slot[] table, int used) {
        this.table = table;
        this.used = used;
        this.taken = this;
    }

    /** Makes a cell of a thread that starts with the values of one that nobody writes. */
    Cell(@Nullable Thread owner, Cell start) {
        this.owner = owner;
        this.table = start.table;
        this.used = start.used;
        this.taken = start;
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Cell.class, field, type);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("Cell has a " + field, impossible);
        }
    }

    /** Returns where to start looking for a name. */
    static int hash(String name) {
        int hash = name.hashCode();
        return hash ^ hash >>> 16;
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

    /** Tells whether there are threads that read a copy instead. */
    boolean isLeft() {
        return left;
    }

    /** Makes a copy that the calling thread, which inherited this, reads and writes instead. */
    Cell leave() {
        left = true;
        return new Cell(Thread.currentThread(), freeze());
    }

    /** Tells whether there is no value; the owner only. */
    boolean isEmpty() {
        for (Slot slot : table) {
            if (slot != null && slot.hasValue()) {
                return false;
            }
        }
        return true;
    }

    /** Returns a value, or {@link Slot#ABSENT}; on any thread. */
    @Nullable
    Object get(String name, int hash) {
        return slot(name, hash).getAcquire();
    }

    /** Sets a value, or {@link Slot#ABSENT} to remove it; the owner only. */
    void set(String name, int hash, @Nullable Object value) {
        Slot slot = slot(name, hash);
        if (slot.mark == mark) {
            slot.setRelease(value);
        } else if (slot.getAcquire() != value) {
            put(name, hash, value);
        }
    }

    private Slot slot(String name, int hash) {
        Slot slot = (Slot) LAST.getAcquire(this);
        return slot.name == name ? slot : find(name, hash);
    }

    private Slot find(String name, int hash) {
        @Nullable
        Slot[] t = (@Nullable Slot[]) TABLE.getAcquire(this);
        for (int i = hash;; i++) {
            Slot slot = (Slot) PLACES.getAcquire(t, i & t.length - 1);
            if (slot == null) {
                return Slot.NONE;
            }
            if (slot.isOf(name)) {
                return slot;
            }
        }
    }

    private void put(String name, int hash, @Nullable Object value) {
        if (mark == null) {
            mark = new Object();
            taken = null;
            TABLE.setRelease(this, table.clone());
        }
        int i = place(table, name, hash);
        if (table[i] == null) {
            used++;
            if (used * 3 > table.length * 2) {
                grow();
                i = place(table, name, hash);
            }
        }
        Slot slot = new Slot(name, value, mark);
        PLACES.setRelease(table, i, slot);
        LAST.setRelease(this, slot);
    }

    /** Makes room, and lets go of the names that have no value. */
    private void grow() {
        List<Slot> kept = slots();
        used = kept.size() + 1;
        TABLE.setRelease(this, tableOf(kept));
    }

    /** Makes a table with room for one more than it has. */
    private static @Nullable Slot[] tableOf(List<Slot> slots) {
        int places = Integer.highestOneBit((slots.size() + 1) * 4);
        @Nullable
        Slot[] table = new @Nullable Slot[Math.max(SMALLEST, places)];
        for (Slot slot : slots) {
            table[place(table, slot.name, hash(slot.name))] = slot;
        }
        return table;
    }

    /** Returns where in a table, which no other thread writes, a name is or would be. */
    private static int place(@Nullable Slot[] table, String name, int hash) {
        int i = hash & table.length - 1;
        for (Slot slot = table[i]; slot != null && !slot.isOf(name); slot = table[i]) {
            i = i + 1 & table.length - 1;
        }
        return i;
    }

    void clear() {
        LAST.setRelease(this, Slot.NONE);
        TABLE.setRelease(this, EMPTY.table);
        used = 0;
        taken = EMPTY;
        mark = null;
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
            taken = new Cell(table, used);
            mark = null;
        }
        return taken;
    }

    /** Copies what its owner may be writing; on any thread. */
    Cell copy() {
        List<Slot> copies = slots();
        copies.replaceAll(Slot::copy);
        return new Cell(tableOf(copies), copies.size());
    }

    /** Returns the values by name, as they are now; on any thread. */
    Map<String, @Nullable Object> asMap() {
        Map<String, @Nullable Object> values = new HashMap<>();
        for (Slot slot : slots()) {
            Object value = slot.getAcquire();
            if (value != Slot.ABSENT) { // another thread may have removed it by now
                values.put(slot.name, value);
            }
        }
        return values;
    }

    /** Returns the slots with a value, on any thread. */
    private List<Slot> slots() {
        @Nullable
        Slot[] t = (@Nullable Slot[]) TABLE.getAcquire(this);
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < t.length; i++) {
            Slot slot = (Slot) PLACES.getAcquire(t, i);
            if (slot != null && slot.hasValue()) {
                slots.add(slot);
            }
        }
        return slots;
    }
}
