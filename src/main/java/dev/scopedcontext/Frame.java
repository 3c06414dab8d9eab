package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All bindings of a running piece of code: an immutable table from key to value, which is also what a captured
 * {@link ContextSnapshot} is.
 *
 * <p>Keys and values alternate in one array. Up to {@value #SCANNED} keys it has the exact size and is scanned,
 * newest first; above that it is a hash table, probed linearly, with a power of two places at most two thirds
 * full and null in the free ones. The length tells which it is. Keys are compared by identity.
 *
 * <p>Frames are shared between threads without synchronisation: everything in them is reached by final fields.
 */
final class Frame extends ContextSnapshot {

    /** Stands for "not bound", since null is a value. */
    static final Object ABSENT = new Object();

    static final Frame EMPTY = new Frame(new @Nullable Object[0], 0, false, false);

    /** Up to this many keys are scanned, not hashed. */
    private static final int SCANNED = 8;

    private final @Nullable Object[] table;
    private final int size;

    /** False if no key in this frame has a hand-off of its own. */
    final boolean handsOff;
    /** False if no key in this frame has a mirror. */
    final boolean mirrored;

    private Frame(@Nullable Object[] table, int size, boolean handsOff, boolean mirrored) {
        this.table = table;
        this.size = size;
        this.handsOff = handsOff;
        this.mirrored = mirrored;
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
        @Nullable
        Object[] pairs = table;
        if (pairs.length <= 2 * SCANNED) {
            for (int i = 0; i < pairs.length; i += 2) {
                if (pairs[i] == key) {
                    return pairs[i + 1];
                }
            }
            return ABSENT;
        }
        int i = place(pairs, key);
        return pairs[i] == key ? pairs[i + 1] : ABSENT;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return HandOffs.call(this, requireNonNull(op, "op"));
    }

    /** Returns a frame with these bindings and the added ones, which win. */
    Frame plus(Bindings added) {
        int most = size + added.size;
        return most <= SCANNED ? scanned(added, most) : hashed(added, most);
    }

    private Frame scanned(Bindings added, int most) {
        @Nullable
        Object[] pairs = new @Nullable Object[2 * most];
        boolean handOffs = handsOff;
        boolean mirrors = mirrored;
        int end = 0;
        for (Bindings b = added; b.key != null; b = b.outer) {
            if (isNew(b.key, pairs, end)) {
                pairs[end++] = b.key;
                pairs[end++] = b.key.nesting == null ? b.value : nested(b.key, b.value);
                handOffs |= b.key.handsOff;
                mirrors |= b.key.mirrored;
            }
        }
        int endOfAdded = end;
        for (int i = 0; i < table.length; i += 2) {
            if (table[i] != null && isNew(table[i], pairs, endOfAdded)) {
                pairs[end++] = table[i];
                pairs[end++] = table[i + 1];
            }
        }
        return new Frame(end == pairs.length ? pairs : Arrays.copyOf(pairs, end), end / 2, handOffs, mirrors);
    }

    /** Returns what is bound when a value is bound on top of what this frame has. */
    @SuppressWarnings("unchecked")
    private @Nullable Object nested(ContextKey<?> key, @Nullable Object added) {
        Object around = lookup(key);
        BinaryOperator<@Nullable Object> nesting = (BinaryOperator<@Nullable Object>) key.nesting;
        return around == ABSENT || nesting == null ? added : nesting.apply(around, added);
    }

    private static boolean isNew(@Nullable Object key, @Nullable Object[] pairs, int end) {
        for (int i = 0; i < end; i += 2) {
            if (pairs[i] == key) {
                return false;
            }
        }
        return true;
    }

    private Frame hashed(Bindings added, int most) {
        @Nullable
        Object[] pairs = tableFor(most);
        int count = size;
        if (pairs.length == table.length) {
            System.arraycopy(table, 0, pairs, 0, table.length);
        } else {
            for (int i = 0; i < table.length; i += 2) {
                if (table[i] instanceof ContextKey<?> key) {
                    put(pairs, key, table[i + 1]);
                }
            }
        }
        boolean handOffs = handsOff;
        boolean mirrors = mirrored;
        for (Bindings b = added; b.key != null; b = b.outer) {
            if (added.innermost(b.key) == b) {
                count += put(pairs, b.key, b.key.nesting == null ? b.value : nested(b.key, b.value)) ? 1 : 0;
                handOffs |= b.key.handsOff;
                mirrors |= b.key.mirrored;
            }
        }
        return new Frame(pairs, count, handOffs, mirrors);
    }

    private static @Nullable Object[] tableFor(int keys) {
        int places = Integer.highestOneBit((keys * 3 + 1) / 2 - 1) * 2;
        return new @Nullable Object[2 * places];
    }

    private static boolean put(@Nullable Object[] pairs, ContextKey<?> key, @Nullable Object value) {
        int i = place(pairs, key);
        boolean added = pairs[i] == null;
        pairs[i] = key;
        pairs[i + 1] = value;
        return added;
    }

    /** Returns where in a hash table a key is, or would be. */
    private static int place(@Nullable Object[] pairs, ContextKey<?> key) {
        int i = (key.hash >>> (Integer.numberOfLeadingZeros(pairs.length) + 2)) * 2;
        while (pairs[i] != key && pairs[i] != null) {
            i = (i + 2) & (pairs.length - 1);
        }
        return i;
    }

    void forEach(BiConsumer<ContextKey<?>, @Nullable Object> action) {
        for (int i = 0; i < table.length; i += 2) {
            if (table[i] instanceof ContextKey<?> key) {
                action.accept(key, table[i + 1]);
            }
        }
    }

    /** Returns a frame with the entries that {@code change} leaves, with the values that it gives them. */
    Frame map(Change change) {
        Bindings kept = Bindings.NONE;
        for (int i = table.length - 2; i >= 0; i -= 2) {
            if (table[i] instanceof ContextKey<?> key) {
                Object value = change.apply(key, table[i + 1]);
                if (value != ABSENT) {
                    kept = new Bindings(key, value, kept);
                }
            }
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
