package dev.scopedcontext;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of the bindings from one {@link Frame} down to another, with which a search goes on. It is probed
 * linearly, and has a power of two places, at most two thirds of them full and null in the free ones. Keys are compared
 * by identity.
 *
 * <p>It may be given to other threads without synchronisation: all that is in its table is put there before the final
 * field is set by which they reach it.
 */
final class Index {

    /** How many bindings there are, those included that are hidden by newer ones. */
    final int size;

    private final @Nullable Bindings[] places;
    private final Frame rest;

    /** What {@link Frame} makes of all bindings in force, if it does. Read and written by any thread. */
    @Nullable
    Frame anew;

    private Index(int size, @Nullable Bindings[] places, Frame rest) {
        this.size = size;
        this.places = places;
        this.rest = rest;
    }

    /** Makes one, and on the way visits each key that is bound in it, those first that were bound last. */
    static Index of(Frame from, Frame rest, BiConsumer<ContextKey<?>, @Nullable Object> action) {
        int size = from.size(rest);
        @Nullable
        Bindings[] places = new @Nullable Bindings[2 * Integer.highestOneBit(size * 3 / 2 | 1)];
        for (Frame f = from; f != rest; f = f.outer) {
            for (Bindings b = f.added; b.key != null; b = b.outer) {
                int i = place(b.key, places);
                if (places[i] == null) {
                    places[i] = b;
                    if (b.value != Frame.ABSENT) {
                        action.accept(b.key, b.value);
                    }
                }
            }
        }
        return new Index(size, places, rest);
    }

    /** Returns the value of a key, or {@link Frame#ABSENT}. */
    @Nullable
    Object get(ContextKey<?> key) {
        Bindings found = places[place(key, places)];
        if (found != null) {
            return found.value;
        }
        return rest == Frame.EMPTY ? Frame.ABSENT : rest.lookup(key);
    }

    /** Returns where a key is, or would be. */
    private static int place(ContextKey<?> key, @Nullable Bindings[] places) {
        int i = key.hash & (places.length - 1);
        for (Bindings there = places[i]; there != null && there.key != key; there = places[i]) {
            i = (i + 1) & (places.length - 1);
        }
        return i;
    }
}
