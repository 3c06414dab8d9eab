package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * A hash table of bindings, for a {@link Frame} that has many. It is probed linearly, and has a power of two places, at
 * most two thirds of them full and null in the free ones. Keys are compared by identity.
 */
final class Index {

    private final @Nullable Bindings[] places;

    /** Makes one that is empty, with place for so many. */
    Index(int bindings) {
        this.places = new @Nullable Bindings[2 * Integer.highestOneBit(bindings * 3 / 2 | 1)];
    }

    /** Adds a binding unless there is one of its key, and returns whether there was none. */
    boolean add(ContextKey<?> key, Bindings binding) {
        int i = place(key);
        if (places[i] != null) {
            return false;
        }
        places[i] = binding;
        return true;
    }

    /** Returns the value of a key, or {@link Frame#ABSENT}. */
    @Nullable
    Object get(ContextKey<?> key) {
        Bindings found = places[place(key)];
        return found != null ? found.value : Frame.ABSENT;
    }

    /** Returns where a key is, or would be. */
    private int place(ContextKey<?> key) {
        int i = key.hash & (places.length - 1);
        for (Bindings there = places[i]; there != null && there.key != key; there = places[i]) {
            i = (i + 1) & (places.length - 1);
        }
        return i;
    }
}
