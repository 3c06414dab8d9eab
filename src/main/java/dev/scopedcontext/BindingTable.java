package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * A hash table of the bindings in effect in a {@link Frame}. It uses open addressing with linear probing. The number of
 * slots is a power of two, and at most two thirds of them are used. Keys are compared by identity.
 *
 * <p>The table is safely published: the slots are filled before the final field is set (JLS 17.5).
 */
final class BindingTable {

    private final @Nullable Binding[] slots;

    /** The flattened frame of this table, which {@link Frame} creates. Written and read by any thread. */
    @Nullable
    Frame flat;

    /** Creates a table of filled slots, which must not change afterwards. */
    BindingTable(@Nullable Binding[] filled) {
        slots = filled;
    }

    /** Returns empty slots, enough for a given number of bindings. */
    static @Nullable Binding[] slotsFor(int size) {
        return new @Nullable Binding[2 * Integer.highestOneBit(size * 3 / 2 | 1)];
    }

    /** Puts a binding into slots unless its key is present. */
    static void put(@Nullable Binding[] slots, Key key, Binding binding) {
        int i = slotOf(slots, key);
        if (slots[i] == null) {
            slots[i] = binding;
        }
    }

    /** Returns the binding of a key, or the end of a chain. */
    Binding find(Key key) {
        Binding found = slots[slotOf(slots, key)];
        return found == null ? Binding.NONE : found;
    }

    /** Returns the value of a key, or {@link Binding#ABSENT}. */
    @Nullable
    Object valueOf(Key key) {
        Binding found = slots[slotOf(slots, key)];
        return found == null ? Binding.ABSENT : found.value;
    }

    /** Returns the slot of a key, or the free slot for it. */
    private static int slotOf(@Nullable Binding[] all, Key key) {
        int i = key.hash & (all.length - 1);
        for (Binding there = all[i]; there != null && there.key != key; there = all[i]) {
            i = (i + 1) & (all.length - 1);
        }
        return i;
    }
}
