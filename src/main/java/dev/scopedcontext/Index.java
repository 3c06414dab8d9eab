package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * A hash table of bindings, for a {@link Frame} that has many. Keys and values alternate; it is probed linearly, and
 * has a power of two places, at most two thirds of them full and null in the free ones. Keys are compared by identity.
 */
final class Index {

    private final @Nullable Object[] pairs;

    /** Makes one that is empty, with place for so many. */
    Index(int bindings) {
        int places = 2 * Integer.highestOneBit(bindings * 3 / 2 | 1);
        this.pairs = new @Nullable Object[2 * places];
    }

    /** Adds a binding unless there is one of its key, and returns whether there was none. */
    boolean add(ContextKey<?> key, @Nullable Object value) {
        int i = place(key);
        if (pairs[i] != null) {
            return false;
        }
        pairs[i] = key;
        pairs[i + 1] = value;
        return true;
    }

    /** Returns the value of a key, or {@link Frame#ABSENT}. */
    @Nullable
    Object get(ContextKey<?> key) {
        int i = place(key);
        return pairs[i] != null ? pairs[i + 1] : Frame.ABSENT;
    }

    /** Returns where a key is, or would be. */
    private int place(ContextKey<?> key) {
        int i = (key.hash >>> (Integer.numberOfLeadingZeros(pairs.length) + 2)) * 2;
        while (pairs[i] != key && pairs[i] != null) {
            i = (i + 2) & (pairs.length - 1);
        }
        return i;
    }
}
