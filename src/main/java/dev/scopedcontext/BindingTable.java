package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * A hash table of the bindings in effect in a {@link Frame}. Open addressing with linear probing; the number of slots
 * is a power of two, and at most two thirds of them are used. Keys are compared by identity.
 *
 * <p>The table is safely published through a final field.
 */
final class BindingTable {

    private final @Nullable Binding[] slots;

    /** The flattened frame that {@link Frame} makes of this table. Written and read by any thread. */
    @Nullable
    Frame flat;

    /**
     * Creates an empty table.
     *
     * @param size the number of bindings that will be put
     */
    BindingTable(int size) {
        slots = new @Nullable Binding[2 * Integer.highestOneBit(size * 3 / 2 | 1)];
    }

    /** Adds a binding unless its key is present. */
    void put(Key key, Binding binding) {
        int i = slotOf(key);
        if (slots[i] == null) {
            slots[i] = binding;
        }
    }

    /** Returns the binding of a key, or the end of a chain. */
    Binding find(Key key) {
        Binding found = slots[slotOf(key)];
        return found == null ? Binding.NONE : found;
    }

    /** Returns the value of a key, or {@link Binding#ABSENT}. */
    @Nullable
    Object valueOf(Key key) {
        Binding found = slots[slotOf(key)];
        return found == null ? Binding.ABSENT : found.value;
    }

    /** Returns the slot of a key, or the free one that it would take. */
    private int slotOf(Key key) {
        @Nullable
        Binding[] all = slots;
        int i = key.hash & (all.length - 1);
        for (Binding there = all[i]; there != null && there.key != key; there = all[i]) {
            i = (i + 1) & (all.length - 1);
        }
        return i;
    }
}
