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
 * small object, however many bindings there are below. A read looks through the bindings, newest first, but not
 * through many: above every {@value #SCANNED} of them or so stands a frame that makes an {@link Index} of all when it
 * is searched for the second time. Any other frame that has more than {@value #FEW} to look through makes one when it
 * has been searched {@value #OFTEN} times.
 *
 * <p>Bindings that are hidden by newer ones are kept by that. Where there may be too many, a frame is made anew of what
 * is in force: when {@value #HIDDEN} bindings were added since the last time, or four times as many as were in force
 * then if that is more. So what this costs each of them is little, and does not grow.
 *
 * <p>Frames are shared between threads without synchronisation: everything in them is reached by final fields, but for
 * the index, and everything in that by a final field of its own. Threads that make one at once make the same, and
 * that they may miscount the searches before it makes it only earlier or later.
 */
final class Frame extends ContextSnapshot {

    /** Stands for "not bound", since null is a value; also where a binding hides one that is below it. */
    static final Object ABSENT = new Object();

    static final Frame EMPTY = new Frame();

    /** Up to this many bindings are scanned before there is an index. */
    private static final int SCANNED = 8;

    /** Up to this many are always scanned. */
    private static final int FEW = 2;

    /** After so many scans an index would have been cheaper. */
    private static final int OFTEN = 32;

    /** Stands for scans without end. */
    private static final int ALWAYS = -1;

    /** At least this many bindings may be hidden by newer ones. */
    private static final int HIDDEN = 64;

    /** These win over those of the outer frame; in the empty frame there are none, and it is its own outer one. */
    private final Bindings added;
    private final Frame outer;

    /** How many bindings are scanned from here to the first frame that makes an index early; none if this does. */
    private final byte scanned;

    /** How many more bindings there may be before a frame is made anew. */
    private final short room;

    /** False if no key in this frame has a hand-off of its own. */
    final boolean handsOff;
    /** False if no carriers are switched on in this frame. */
    final boolean carries;
    /** False if no key in this frame has a mirror. */
    final boolean mirrored;

    /** How many times this is scanned before it has an index. Read and written by any thread, as the index is. */
    private byte scansLeft;
    private @Nullable Index index;

    private Frame() {
        this.added = Bindings.NONE;
        this.outer = this;
        this.scanned = 0;
        this.room = 0;
        this.handsOff = false;
        this.carries = false;
        this.mirrored = false;
    }

    private Frame(Bindings added, Frame outer) {
        int all = outer.scanned + added.size;
        this.added = added;
        this.outer = outer;
        this.scanned = all <= SCANNED ? (byte) all : 0;
        this.scansLeft = (byte) (all > SCANNED ? 1 : all > FEW ? OFTEN : ALWAYS);
        this.room = (short) (outer == EMPTY
                ? Math.min(Math.max(4 * added.size, HIDDEN), Short.MAX_VALUE)
                : Math.max(outer.room - added.size, -1));
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
        Index all = index;
        return all != null ? all.get(key) : search(key);
    }

    private @Nullable Object search(ContextKey<?> key) {
        for (Frame f = this; f != EMPTY; f = f.outer) {
            Index all = f.index();
            if (all != null) {
                return all.get(key);
            }
            Bindings found = f.added.innermost(key);
            if (found.key != null) {
                return found.value;
            }
        }
        return ABSENT;
    }

    /** Returns the index of this frame, or null if it is to be scanned this time. */
    private @Nullable Index index() {
        Index made = index;
        if (made == null && scansLeft != ALWAYS && scansLeft-- == 0) {
            made = visit((key, value) -> {
            });
            index = made;
        }
        return made;
    }

    /** Returns how many bindings there are, those included that are hidden by newer ones. */
    int size() {
        int size = 0;
        for (Frame f = this; f != EMPTY; f = f.outer) {
            size += f.added.size;
        }
        return size;
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
        return frame.room >= 0 ? frame : frame.anew(Bindings.NONE);
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

    /** Visits each key that is bound, those first that were bound last. */
    void forEach(BiConsumer<ContextKey<?>, @Nullable Object> action) {
        visit(action);
    }

    /** Visits each key that is bound, and returns an index of all that were met on the way. */
    private Index visit(BiConsumer<ContextKey<?>, @Nullable Object> action) {
        Index met = new Index(size());
        for (Frame f = this; f != EMPTY; f = f.outer) {
            for (Bindings b = f.added; b.key != null; b = b.outer) {
                if (met.add(b.key, b) && b.value != ABSENT) {
                    action.accept(b.key, b.value);
                }
            }
        }
        return met;
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
        return lessened[0] ? anew(changed[0]) : above(changed[0]);
    }

    /** Returns a frame of the bindings in force, with changes to them, and of no others. */
    private Frame anew(Bindings changed) {
        Bindings[] reversed = {Bindings.NONE};
        forEach((key, value) -> {
            Bindings change = changed.innermost(key);
            Object now = change.key == null ? value : change.value;
            if (now != ABSENT) {
                reversed[0] = new Bindings(key, now, reversed[0]);
            }
        });
        Bindings kept = Bindings.NONE;
        for (Bindings b = reversed[0]; b.key != null; b = b.outer) {
            kept = new Bindings(b.key, b.value, kept);
        }
        return EMPTY.plus(kept);
    }

    /** What becomes of an entry. */
    interface Change {

        /** Returns the new value of a key, or {@link #ABSENT} to leave the key out. */
        @Nullable
        Object apply(ContextKey<?> key, @Nullable Object value);
    }
}
