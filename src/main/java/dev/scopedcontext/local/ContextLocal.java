package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

/**
 * What a {@link LocalManager} can give a new start: a {@link Local} or a {@link LocalStack}.
 *
 * <p>Safe to use by any number of threads, each of which sees the values of its own context.
 */
public abstract sealed class ContextLocal permits Local, LocalStack {

    final Store store;

    ContextLocal(String name) {
        this.store = new Store(requireNonNull(name, "name"));
    }

    /**
     * Returns the name that it was created with.
     *
     * @return the name
     */
    public final String name() {
        return store.key.name();
    }

    /**
     * Removes all values of the current context, and of no other. Twice is fine.
     */
    public final void clear() {
        store.clear();
    }

    /** Returns the name, marked with what it is of; values are not shown, since they may be secret. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + name() + "]";
    }
}
