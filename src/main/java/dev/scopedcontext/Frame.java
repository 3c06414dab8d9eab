package dev.scopedcontext;

import static dev.scopedcontext.Binding.ABSENT;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * All bindings of running code: an immutable map from key to value. A frame adds a chain of bindings to its outer
 * frame, so binding allocates one small object, regardless of the number of bindings.
 *
 * <p>A read scans the bindings, newest first, up to the first frame with a {@link BindingTable} of all bindings in
 * effect. After every {@value #FEW} bindings or so, there is a frame that builds a table at its second scan, so scans
 * are short. Other frames with more than one binding since such a frame build a table after {@value #OFTEN} scans.
 *
 * <p>Chains are flattened. If more than {@value #DEPTH} bindings were added since the last flattening, the next ones
 * are added to a frame that holds only the bindings in effect.
 *
 * <p>Frames are shared between threads without synchronization. All fields are final, except for the table, the
 * snapshot and the number of remaining scans. Threads that create a table or snapshot at the same time create equal
 * ones, and they may miscount the scans.
 *
 * <p>The reasons are in {@code docs/decisions/0001-one-slot-and-one-frame.md}.
 */
final class Frame implements Iterable<Binding> {

    static final Frame EMPTY = new Frame();

    private static final int FEW = 8;
    private static final int OFTEN = 32;

    /** The number of remaining scans of a frame that never builds a table. */
    private static final byte ALWAYS = -1;

    /** The number of bindings that are added before the chain is flattened. */
    private static final int DEPTH = 64;

    /** The trait of frames in which a value is {@link Deferred}. */
    static final int DEFERS = 64;

    /** The bindings that this frame adds. The empty frame adds none and is its own outer frame. */
    final Binding added;
    final Frame outer;

    /** The number of bindings up to the first frame that builds a table early; zero if this frame does. */
    private final byte distance;

    /** The number of bindings added since the chain was flattened; at most 127 are counted. */
    private final byte depth;

    /** The {@linkplain Key#traits traits} of the keys in this frame, and {@link #DEFERS}. */
    private final byte traits;

    /** The number of remaining scans before a table is built. Written and read by any thread. */
    private byte scansLeft;
    private @Nullable BindingTable table;

    /** The {@link ContextSnapshot} that each capture of this frame returns, or null. Written and read by any thread. */
    @Nullable
    Object snapshot;

    private Frame() {
        this.added = Binding.NONE;
        this.outer = this;
        this.distance = 0;
        this.depth = 0;
        this.traits = 0;
        this.scansLeft = ALWAYS;
    }

    private Frame(Binding added, Frame outer, int traits) {
        this.added = added;
        this.outer = outer;
        int scanned = outer.distance + added.size;
        this.distance = scanned <= FEW ? (byte) scanned : 0;
        this.depth = outer == EMPTY ? 0 : (byte) Math.min(outer.depth + added.size, Byte.MAX_VALUE);
        this.traits = (byte) (outer.traits | added.traits | traits);
        this.scansLeft = scanned > FEW ? 1 : scanned > 1 ? OFTEN : ALWAYS;
    }

    boolean has(int trait) {
        return (traits & trait) != 0;
    }

    /** Returns the value of a key, or {@link Binding#ABSENT}. */
    @Nullable
    Object lookup(Key key) {
        Binding last = added; // most reads are of the newest binding
        if (last.key == key) {
            return last.value;
        }
        BindingTable made = table;
        return made != null ? made.valueOf(key) : search(key);
    }

    private @Nullable Object search(Key key) {
        if (!has(DEFERS)) {
            return find(key).value;
        }
        Binding found = findOrAll(key);
        return found.value instanceof Deferred deferred ? deferred.value() : found.value;
    }

    /** Returns the binding of a key, which may be to {@link Binding#ABSENT}, or the end of a chain. */
    private Binding find(Key key) {
        for (Frame f = this; f != EMPTY; f = f.outer) {
            BindingTable made = f.tableIfWorthIt();
            if (made != null) {
                return made.find(key);
            }
            Binding found = f.added.newest(key);
            if (found.key != null) {
                return found;
            }
        }
        return Binding.NONE;
    }

    /** Returns the table of this frame, or null to scan the frame this time. */
    private @Nullable BindingTable tableIfWorthIt() {
        byte left = scansLeft;
        if (left == 0 || table != null) {
            return table();
        }
        if (left != ALWAYS) {
            scansLeft = (byte) (left - 1);
        }
        return null;
    }

    private BindingTable table() {
        BindingTable made = table;
        if (made == null) {
            @Nullable
            Binding[] slots = BindingTable.slotsFor(count());
            for (Frame f = this; f != EMPTY; f = f.outer) {
                for (Binding b = f.added; b.key != null; b = b.outer) {
                    BindingTable.put(slots, b.key, b);
                }
            }
            made = new BindingTable(slots);
            if (!has(DEFERS)) {
                table = made;
            }
        }
        return made;
    }

    /** Returns the number of bindings, including hidden ones. */
    int count() {
        int count = 0;
        for (Frame f = this; f != EMPTY; f = f.outer) {
            count += f.added.size;
        }
        return count;
    }

    /** Returns the binding that holds the value of a key or stands for all values, or the end of a chain. */
    private Binding findOrAll(Key key) {
        for (Frame f = this; f != EMPTY; f = f.outer) {
            for (Binding b = f.added; b.key != null; b = b.outer) {
                if (b.key == key || b.key == Key.ALL) {
                    return b;
                }
            }
        }
        return Binding.NONE;
    }

    /** Returns whether a key is bound, even if reading its value would fail. */
    boolean binds(Key key) {
        if (!has(DEFERS)) {
            return lookup(key) != ABSENT;
        }
        Binding found = findOrAll(key);
        return found.key == key && found.value != ABSENT;
    }

    /** Returns the bindings in effect, newest first. */
    @Override
    public Iterator<Binding> iterator() {
        return new BindingsInEffect(this, count() > FEW ? table() : null);
    }

    /** Returns a frame with these bindings and further ones, which take precedence and nest. */
    Frame plus(Binding more) {
        return more.size == 0 ? this : above(more.has(Key.NESTS) ? more.nestedIn(this::lookup) : more);
    }

    /** Returns a frame with these bindings and further ones, which take precedence. */
    Frame above(Binding more) {
        if (more.size == 0) {
            return this;
        }
        return new Frame(more, depth + more.size <= DEPTH || has(DEFERS) ? this : flat(), 0);
    }

    /** Returns a frame with deferred values above the values of this one. */
    Frame deferring(Binding more) {
        return new Frame(new Binding(Key.COVER, null, more), this, DEFERS);
    }

    /** Returns a frame in which every read throws a failure. */
    static Frame ofRefusal(Throwable failure) {
        return EMPTY.deferring(new Binding(Key.ALL, new Refusal(failure), Binding.NONE));
    }

    /** Returns a frame of the bindings in effect, without hidden ones. */
    private Frame flat() {
        if (outer == EMPTY) {
            return this;
        }
        BindingTable all = table();
        Frame made = all.flat;
        if (made == null) {
            made = of(this, false);
            all.flat = made;
        }
        return made;
    }

    /**
     * Returns a frame of given bindings only.
     *
     * @param newestFirst the bindings, without hidden ones
     * @param defers whether some of their values are deferred
     */
    static Frame of(Iterable<Binding> newestFirst, boolean defers) {
        Binding chain = Binding.chain(newestFirst);
        if (defers) {
            return EMPTY.deferring(chain);
        }
        return chain.size == 0 ? EMPTY : new Frame(chain, EMPTY, 0);
    }

    /** Returns whether a binding of this frame has a {@link Deferred} value. */
    boolean defers(Binding binding) {
        return has(DEFERS) && binding.value instanceof Deferred;
    }
}
