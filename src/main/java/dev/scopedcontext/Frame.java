package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All bindings of a running piece of code: an immutable map from key to value, which is also what a captured
 * {@link ContextSnapshot} is.
 *
 * <p>A frame is some bindings, as the user made them, above the frame that they were added to. So to bind costs one
 * small object, however many bindings there are below. A read looks through the bindings, newest first, but not
 * through many: above every {@value #SCANNED} of them or so stands a frame that makes an {@link Index} when it is
 * searched for the second time. Any other frame with more than one above that makes one when it has been searched
 * {@value #OFTEN} times. An index goes down to the next one that is larger than itself; so there are few of them one
 * below the other, and what making them costs each binding grows with the logarithm of their number.
 *
 * <p>Bindings that are hidden by newer ones are kept by that. When {@value #HIDDEN} bindings were added, or four times
 * as many as are in force if that is more, the next ones are added to a frame made anew of those that are in force. So
 * this costs each of them little.
 *
 * <p>Frames are shared between threads without synchronisation: everything in them is reached by final fields, but for
 * the index, which is safe to be given away so. Threads that make one at once make the same, and that they may miscount
 * the searches before it makes it only earlier or later.
 */
final class Frame extends ContextSnapshot {

    /** Stands for "not bound", since null is a value; also where a binding hides one that is below it. */
    static final Object ABSENT = new Object();

    static final Frame EMPTY = new Frame();

    /** Up to this many bindings are scanned before there is an index. */
    private static final int SCANNED = 8;

    /** After so many scans an index would have been cheaper. */
    private static final int OFTEN = 32;

    /** Stands for scans without end. */
    private static final int ALWAYS = -1;

    /** At least this many bindings may be hidden by newer ones. */
    private static final int HIDDEN = 64;

    /** These win over those of the outer frame; in the empty frame there are none, and it is its own outer one. */
    final Bindings added;
    final Frame outer;

    /** How many bindings are scanned from here to the first frame that makes an index early; none if this does. */
    private final byte scanned;

    /** How many more bindings may be added before a frame is made anew. */
    private final short room;

    /** False if no value in this frame is {@link Deferred}. */
    private final boolean deferring;
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
        this.room = Short.MAX_VALUE;
        this.deferring = false;
        this.handsOff = false;
        this.carries = false;
        this.mirrored = false;
    }

    private Frame(Bindings added, Frame outer) {
        this(added, outer, outer.deferring);
    }

    private Frame(Bindings added, Frame outer, boolean deferring) {
        int all = outer.scanned + added.size;
        this.added = added;
        this.outer = outer;
        this.scanned = all <= SCANNED ? (byte) all : 0;
        this.scansLeft = (byte) (all > SCANNED ? 1 : all > 1 ? OFTEN : ALWAYS);
        this.room = (short) (outer == EMPTY
                ? Math.min(Math.max(4 * added.size, HIDDEN), Short.MAX_VALUE)
                : Math.max(outer.room - added.size, 0));
        this.deferring = deferring;
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
        keys.remove(ContextKey.ALL);
        keys.remove(ContextKey.COVER);
        keys.removeIf(ThreadWorkKey::is);
        return Collections.unmodifiableSet(keys);
    }

    @Override
    @Nullable
    Object lookup(ContextKey<?> key) {
        Bindings last = added; // what was bound last is what is read most
        if (last.key == key) {
            return last.value;
        }
        Index made = index;
        return made != null ? made.get(key) : search(key);
    }

    private @Nullable Object search(ContextKey<?> key) {
        if (deferring) {
            return searchDeferring(key);
        }
        for (Frame f = this; f != EMPTY; f = f.outer) {
            Index made = f.indexIfWorthIt();
            if (made != null) {
                return made.get(key);
            }
            Bindings found = f.added.innermost(key);
            if (found.key != null) {
                return found.value;
            }
        }
        return ABSENT;
    }

    private @Nullable Object searchDeferring(ContextKey<?> key) {
        Bindings found = bindingOf(key);
        if (found.value instanceof Deferred deferred) {
            return deferred.value();
        }
        return found.key == null ? ABSENT : found.value;
    }

    /** Returns the binding that holds the value of a key, or stands for all; {@link Bindings#NONE} if there is none. */
    private Bindings bindingOf(ContextKey<?> key) {
        for (Frame f = this; f != EMPTY; f = f.outer) {
            for (Bindings b = f.added; b.key != null; b = b.outer) {
                if (b.key == key || b.key == ContextKey.ALL) {
                    return b;
                }
            }
        }
        return Bindings.NONE;
    }

    /** Tells whether a key is bound, whatever becomes of its value when it is read. */
    boolean binds(ContextKey<?> key) {
        if (!deferring) {
            return lookup(key) != ABSENT;
        }
        Bindings found = bindingOf(key);
        return found.key == key && found.value != ABSENT;
    }

    /** Returns the index of this frame, or null if it is to be scanned this time. */
    private @Nullable Index indexIfWorthIt() {
        byte left = scansLeft;
        if (left == 0 || index != null) {
            return index();
        }
        if (left != ALWAYS) {
            scansLeft = (byte) (left - 1);
        }
        return null;
    }

    private Index index() {
        Index made = index;
        if (made == null) {
            made = Index.of(this, nextIndexed(), (key, value) -> {
            });
            index = made;
        }
        return made;
    }

    /** Returns the first frame below this one whose index has more bindings than there are above it. */
    private Frame nextIndexed() {
        int above = added.size;
        for (Frame f = outer; f != EMPTY; f = f.outer) {
            Index made = f.index;
            if (made != null && made.size > above) {
                return f;
            }
            above += f.added.size;
        }
        return EMPTY;
    }

    /** Returns how many bindings there are above a frame, those included that are hidden by newer ones. */
    int size(Frame rest) {
        int size = 0;
        for (Frame f = this; f != rest; f = f.outer) {
            size += f.added.size;
        }
        return size;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return HandOver.call(this, requireNonNull(op, "op"));
    }

    @Override
    <R extends @Nullable Object, X extends Throwable> R callAnyway(CallableOp<? extends R, X> op) throws X {
        return HandOver.callAnyway(this, op);
    }

    @Override
    public Attachment attach() {
        return LiveAttachment.open(this);
    }

    /** Returns a frame with these bindings and some more, which win. */
    Frame plus(Bindings more) {
        if (more.size == 0) {
            return this;
        }
        return above(nested(more));
    }

    /** Returns a frame with bindings above those of this one, without regard to nesting. */
    Frame above(Bindings more) {
        return more.size == 0 ? this : new Frame(more, more.size <= room || deferring ? this : anew());
    }

    /** Returns a frame with deferred values above those of this one. */
    Frame deferring(Bindings more) {
        return new Frame(new Bindings(ContextKey.COVER, null, more), this, true);
    }

    /** Returns a frame in which every read throws a failure. */
    static Frame ofRefusal(Throwable failure) {
        return EMPTY.deferring(new Bindings(ContextKey.ALL, new Refusal(failure), Bindings.NONE));
    }

    /** Returns a frame of the bindings in force, and of no others. */
    private Frame anew() {
        if (outer == EMPTY) {
            return this;
        }
        Index index = index();
        Frame made = index.anew;
        if (made == null) {
            Bindings[] reversed = {Bindings.NONE};
            forEach((key, value) -> reversed[0] = new Bindings(key, value, reversed[0]));
            made = ofReversed(reversed[0], false);
            index.anew = made;
        }
        return made;
    }

    /** Returns bindings with the values that nesting keys give them inside those of this frame. */
    private Bindings nested(Bindings more) {
        if (!more.nests) {
            return more;
        }
        List<Bindings> nesting = new ArrayList<>(); // down to the last one that nests
        Bindings result = more;
        while (result.nests) {
            nesting.add(result);
            result = result.outer;
        }
        Set<ContextKey<?>> unbound = more.unboundKeys();
        for (int i = nesting.size() - 1; i >= 0; i--) {
            Bindings b = nesting.get(i);
            result = new Bindings(requireNonNull(b.key), nested(b, unbound), result);
        }
        return result;
    }

    private @Nullable Object nested(Bindings binding, Set<ContextKey<?>> unbound) {
        ContextKey<?> key = requireNonNull(binding.key);
        Object around = key.nesting == null || unbound.contains(key) ? ABSENT : lookup(key);
        return around == ABSENT ? binding.value : key.nest(around, binding.value);
    }

    /** Visits each key that is bound, those first that were bound last. */
    void forEach(BiConsumer<ContextKey<?>, @Nullable Object> action) {
        Index.of(this, EMPTY, action);
    }

    /** Returns a frame with the entries that a change leaves, with its values; this one if it changes nothing. */
    Frame map(Change change) {
        Bindings[] reversed = {Bindings.NONE};
        Bindings[] changed = {Bindings.NONE};
        boolean[] lessened = {false};
        forEach((key, value) -> {
            Object mapped = change.apply(key, value);
            if (mapped != value) {
                changed[0] = new Bindings(key, mapped, changed[0]);
                lessened[0] |= mapped == ABSENT;
            }
            if (mapped != ABSENT) {
                reversed[0] = new Bindings(key, mapped, reversed[0]);
            }
        });
        if (changed[0].size == 0) {
            return this;
        }
        return lessened[0] ? ofReversed(reversed[0], deferring) : above(changed[0]);
    }

    private static Frame ofReversed(Bindings reversed, boolean deferring) {
        Bindings bindings = Bindings.NONE;
        for (Bindings b = reversed; b.key != null; b = b.outer) {
            bindings = new Bindings(b.key, b.value, bindings);
        }
        if (deferring) {
            return EMPTY.deferring(bindings);
        }
        return bindings.size == 0 ? EMPTY : new Frame(bindings, EMPTY);
    }

    /** Returns a frame with the same values, of which only those are deferred that refuse to be read. */
    Frame settled() {
        if (!deferring) {
            return this;
        }
        Bindings[] reversed = {Bindings.NONE};
        boolean[] refuses = {false};
        forEach((key, value) -> {
            Object settled = value instanceof Deferred deferred ? settled(deferred) : value;
            refuses[0] |= settled instanceof Deferred;
            if (key != ContextKey.COVER) {
                reversed[0] = new Bindings(key, settled, reversed[0]);
            }
        });
        return ofReversed(reversed[0], refuses[0]);
    }

    private static @Nullable Object settled(Deferred deferred) {
        try {
            return deferred.value();
        } catch (Throwable refusal) {
            return new Refusal(refusal);
        }
    }

    /** What becomes of an entry. */
    interface Change {

        /** Returns the new value of a key, or {@link #ABSENT} to leave the key out. */
        @Nullable
        Object apply(ContextKey<?> key, @Nullable Object value);
    }
}
