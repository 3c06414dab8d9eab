package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A key and its value, linked to the bindings that were added before it. The chain ends with a node without a key. A
 * key that is unbound by {@code without} is bound to {@link #ABSENT}.
 *
 * <p>Instances are immutable. Users hold the newest node of a chain, as {@link Bindings}.
 */
class Binding {

    /** The value of a key that is not bound, since null is a value. */
    static final Object ABSENT = new Object();

    /** The end of a chain. */
    static final Binding NONE = new Binding();

    /** The maximum number of bindings that are compared with each other. More bindings use a hash set. */
    private static final int FEW = 8;

    final @Nullable Key key;
    final @Nullable Object value;
    final Binding outer;

    /** The number of nodes in the chain, which exceeds the number of keys if a key is bound twice. */
    final int size;

    /** The {@linkplain Key#traits traits} of the keys in the chain. */
    final byte traits;

    Binding() {
        this.key = null;
        this.value = ABSENT;
        this.outer = this;
        this.size = 0;
        this.traits = 0;
    }

    Binding(Key key, @Nullable Object value, Binding outer) {
        this.key = key;
        this.value = value;
        this.outer = outer;
        this.size = outer.size + 1;
        this.traits = (byte) (outer.traits | key.traits);
    }

    final boolean has(int trait) {
        return (traits & trait) != 0;
    }

    /** Returns the newest node of a key, or the end of the chain. */
    final Binding newest(Key key) {
        Binding b = this;
        while (b.key != key && b.key != null) {
            b = b.outer;
        }
        return b;
    }

    /** Returns the keys that are unbound by a node of this chain, even if a newer node binds them. */
    private Set<Key> unboundKeys() {
        Set<Key> keys = Set.of();
        for (Binding b = this; b.key != null; b = b.outer) {
            if (b.value == ABSENT) {
                keys = keys.isEmpty() ? new HashSet<>() : keys;
                keys.add(b.key);
            }
        }
        return keys;
    }

    /**
     * Returns a chain in which the values of nesting keys are combined with outer values.
     *
     * @param outerValue returns the outer value of a key, or {@link #ABSENT}
     */
    final Binding nestedIn(Function<Key, @Nullable Object> outerValue) {
        List<Binding> nesting = new ArrayList<>(); // down to the last one that nests
        Binding result = this;
        while (result.has(Key.NESTS)) {
            nesting.add(result);
            result = result.outer;
        }
        Set<Key> unbound = unboundKeys();
        for (int i = nesting.size() - 1; i >= 0; i--) {
            Binding b = nesting.get(i);
            Key nested = requireNonNull(b.key);
            Object outside = nested.nesting == null || unbound.contains(nested) ? ABSENT : outerValue.apply(nested);
            result = new Binding(nested, outside == ABSENT ? b.value : nested.nest(outside, b.value), result);
        }
        return result;
    }

    /** Returns a chain of the keys and values of given bindings. */
    static Binding chain(Iterable<Binding> newestFirst) {
        Deque<Binding> oldestFirst = new ArrayDeque<>();
        newestFirst.forEach(oldestFirst::push);
        Binding chain = NONE;
        for (Binding b : oldestFirst) {
            chain = new Binding(requireNonNull(b.key), b.value, chain);
        }
        return chain;
    }

    /** Returns the newest node of each key, newest first. */
    final Iterable<Binding> newestOfEachKey() {
        return NewestOfEachKey::new;
    }

    private final class NewestOfEachKey implements Iterator<Binding> {

        private final Set<Key> seen = size > FEW ? new HashSet<>() : Set.of();
        private Binding next = firstFrom(Binding.this);

        private Binding firstFrom(Binding start) {
            Binding b = start;
            while (b.key != null && (size > FEW ? !seen.add(b.key) : newest(b.key) != b)) {
                b = b.outer;
            }
            return b;
        }

        @Override
        public boolean hasNext() {
            return next.key != null;
        }

        @Override
        public Binding next() {
            Binding result = next;
            if (result.key == null) {
                throw new NoSuchElementException();
            }
            next = firstFrom(result.outer);
            return result;
        }
    }
}
