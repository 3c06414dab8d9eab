package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All bindings of a running piece of code: an immutable map from key to value, which is also what a captured
 * {@link ContextSnapshot} is.
 *
 * <p>A frame is some bindings, as the user made them, above the frame that they were added to. So to bind costs one
 * small object, however many bindings there are below. A read looks through the bindings, newest first, of at most
 * {@value #SCANNED} keys; the frame that would have more is a base, with nothing below it, that has them all in a hash
 * table. In the table keys and values alternate; it is probed linearly, and has a power of two places, at most two
 * thirds of them full and null in the free ones. Keys are compared by identity.
 *
 * <p>Frames are shared between threads without synchronisation: everything in them is reached by final fields.
 */
final class Frame extends ContextSnapshot {

    /** Stands for "not bound", since null is a value; also where a binding hides one that is below it. */
    static final Object ABSENT = new Object();

    static final Frame EMPTY = new Frame(tableFor(0), false, false, false);

    /** Up to this many bindings above the table are scanned. */
    private static final int SCANNED = 8;

    /** These win over those of the outer frame; in a base there are none, and the outer frame is the base itself. */
    private final Bindings added;
    private final Frame outer;

    /** The table of the base, and how many bindings there are above it. */
    private final @Nullable Object[] table;
    private final int scanned;

    /** False if no key in this frame has a hand-off of its own. */
    final boolean handsOff;
    /** False if no carriers are switched on in this frame. */
    final boolean carries;
    /** False if no key in this frame has a mirror. */
    final boolean mirrored;

    private Frame(@Nullable Object[] table, boolean handsOff, boolean carries, boolean mirrored) {
        this.added = Bindings.NONE;
        this.outer = this;
        this.table = table;
        this.scanned = 0;
        this.handsOff = handsOff;
        this.carries = carries;
        this.mirrored = mirrored;
    }

    private Frame(Bindings added, Frame outer) {
        this.added = added;
        this.outer = outer;
        this.table = outer.table;
        this.scanned = outer.scanned + added.size;
        this.handsOff = outer.handsOff || added.handsOff;
        this.carries = outer.carries || added.carries;
        this.mirrored = outer.mirrored || added.mirrored;
    }

    /** Returns the bindings that the calling thread sees now. */
    static Frame current() {
        Scope scope = Scope.current();
        return scope == null ? EMPTY : scope.frame;
    }

    @Override
    public Set<ContextKey<?>> keys() {
        Set<ContextKey<?>> keys = new LinkedHashSet<>();
        forEach((key, value) -> keys.add(key));
        keys.remove(Carriers.KEY);
        return Collections.unmodifiableSet(keys);
    }

    @Override
    @Nullable
    Object lookup(ContextKey<?> key) {
        Bindings last = added; // what was bound last is what is read most
        if (last.key == key) {
            return last.value;
        }
        Bindings found = aboveTable(key);
        if (found.key != null) {
            return found.value;
        }
        int i = place(table, key);
        return table[i] != null ? table[i + 1] : ABSENT;
    }

    /** Returns the node with the binding in force of a key, or {@link Bindings#NONE} if none is above the table. */
    private Bindings aboveTable(ContextKey<?> key) {
        for (Frame f = this; f.outer != f; f = f.outer) {
            Bindings found = f.added.innermost(key);
            if (found.key != null) {
                return found;
            }
        }
        return Bindings.NONE;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return HandOffs.call(this, requireNonNull(op, "op"));
    }

    @Override
    public Attachment attach() {
        return OpenAttachment.open(this);
    }

    /** Returns a frame with these bindings and some more, which win. */
    Frame plus(Bindings more) {
        if (more.size == 0) {
            return this;
        }
        return above(nested(more));
    }

    /** Returns a frame with bindings above those of this one, whatever the keys say of nesting. */
    Frame above(Bindings more) {
        Frame frame = new Frame(more, this);
        return scanned + more.size <= SCANNED ? frame : frame.asBase();
    }

    /** Returns bindings with the values that keys which nest give them inside those of this frame. */
    private Bindings nested(Bindings more) {
        if (!more.nests || more.key == null) {
            return more;
        }
        Object around = more.unbinds(more.key) ? ABSENT : lookup(more.key);
        Object value = around == ABSENT ? more.value : more.key.nest(around, more.value);
        return new Bindings(more.key, value, nested(more.outer));
    }

    /** Takes each key as it is met, newest first, so that what this costs grows as the number of bindings does. */
    private Frame asBase() {
        @Nullable
        Object[] met = tableFor(scanned + table.length / 3);
        int keys = 0;
        for (Frame f = this; f.outer != f; f = f.outer) {
            for (Bindings b = f.added; b.key != null; b = b.outer) {
                keys += put(met, b.key, b.value);
            }
        }
        for (int i = 0; i < table.length; i += 2) {
            if (table[i] instanceof ContextKey<?> key) {
                keys += put(met, key, table[i + 1]);
            }
        }
        @Nullable
        Object[] pairs = tableFor(keys);
        for (int i = 0; i < met.length; i += 2) {
            if (met[i] instanceof ContextKey<?> key && met[i + 1] != ABSENT) {
                put(pairs, key, met[i + 1]);
            }
        }
        return new Frame(pairs, handsOff, carries, mirrored);
    }

    /** Puts a key in a hash table unless it is there, and returns how many more keys are bound by that. */
    private static int put(@Nullable Object[] pairs, ContextKey<?> key, @Nullable Object value) {
        int i = place(pairs, key);
        if (pairs[i] != null) {
            return 0;
        }
        pairs[i] = key;
        pairs[i + 1] = value;
        return value == ABSENT ? 0 : 1;
    }

    private static @Nullable Object[] tableFor(int keys) {
        int places = 2 * Integer.highestOneBit(keys * 3 / 2 | 1);
        return new @Nullable Object[2 * places];
    }

    /** Returns where in a hash table a key is, or would be. */
    private static int place(@Nullable Object[] pairs, ContextKey<?> key) {
        int i = (key.hash >>> (Integer.numberOfLeadingZeros(pairs.length) + 2)) * 2;
        while (pairs[i] != key && pairs[i] != null) {
            i = (i + 2) & (pairs.length - 1);
        }
        return i;
    }

    /** Visits each key that is bound. */
    void forEach(BiConsumer<ContextKey<?>, @Nullable Object> action) {
        for (Frame f = this; f.outer != f; f = f.outer) {
            for (Bindings b = f.added; b.key != null; b = b.outer) {
                if (b.value != ABSENT && aboveTable(b.key) == b) {
                    action.accept(b.key, b.value);
                }
            }
        }
        for (int i = 0; i < table.length; i += 2) {
            if (table[i] instanceof ContextKey<?> key && aboveTable(key).key == null) {
                action.accept(key, table[i + 1]);
            }
        }
    }

    /** Returns a frame with the entries that a change leaves, with its values; this one if it changes nothing. */
    Frame map(Change change) {
        Bindings[] changed = {Bindings.NONE};
        boolean[] lessened = {false};
        forEach((key, value) -> {
            Object mapped = change.apply(key, value);
            if (mapped != value) {
                changed[0] = new Bindings(key, mapped, changed[0]);
                lessened[0] |= mapped == ABSENT;
            }
        });
        if (changed[0].size == 0) {
            return this;
        }
        return lessened[0] ? with(changed[0]) : above(changed[0]);
    }

    private Frame with(Bindings changed) {
        Bindings[] kept = {Bindings.NONE};
        forEach((key, value) -> {
            Bindings change = changed.innermost(key);
            Object now = change.key == null ? value : change.value;
            if (now != ABSENT) {
                kept[0] = new Bindings(key, now, kept[0]);
            }
        });
        return EMPTY.plus(kept[0]);
    }

    /** What becomes of an entry. */
    interface Change {

        /** Returns the new value of a key, or {@link #ABSENT} to leave the key out. */
        @Nullable
        Object apply(ContextKey<?> key, @Nullable Object value);
    }
}
