package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

/**
 * A set of values that is separate in each context: a {@link Local} or a {@link LocalStack}. A {@link LocalManager}
 * manages it.
 *
 * <p>Each thread sees the values of its own context. Instances are thread-safe.
 */
public abstract sealed class ContextLocal permits Local, LocalStack {

    final ContextTables tables;

    ContextLocal(String name) {
        this.tables = new ContextTables(requireNonNull(name, "name"));
    }

    /**
     * Returns the name that this local was created with.
     *
     * @return the name
     */
    public final String name() {
        return tables.key.name();
    }

    /** Removes all values from the current context, and from no other. May be called repeatedly. */
    public final void clear() {
        tables.clear();
    }

    /** Returns the type and the name. Values are not shown, since they may be secret. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + name() + "]";
    }
}
