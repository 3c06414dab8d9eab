package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ProxySource;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value of a {@link Local}, with a type: made once by {@link Local#var}, and kept in a static field.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="var"}
 *
 * <p>What happens on other threads, and outside of any managed scope, is what {@link Local} says. What it
 * costs is measured by the benchmark {@code Locals}.
 *
 * <p>Immutable, and safe to use by any number of threads. <b>Null</b> is a value.
 *
 * @param <T> the type of the value
 */
public final class LocalVar<T> implements ProxySource<T> {

    private final Store store;
    private final String name;
    private final int hash;
    private final Local local;
    private final Class<?> type;
    private final Class<?> boxed;

    LocalVar(Local local, String name, Class<T> type) {
        this.store = local.store;
        this.name = name.intern(); // literals are, and are then found by identity
        this.hash = Cell.hash(name);
        this.local = local;
        this.type = type;
        this.boxed = MethodType.methodType(type).wrap().returnType();
    }

    /**
     * Sets the value of the current context.
     *
     * @param value the value, may be null
     * @throws IllegalStateException in strict mode, on a thread of a pool outside of any managed scope
     */
    public void set(@Nullable T value) {
        store.toWrite().set(name, hash, value);
    }

    /**
     * Returns the value of the current context.
     *
     * @return the value, null if null was set
     * @throws UnboundContextException if it is not set
     */
    @Override
    @SuppressWarnings("NullAway") // null if null was set: whoever sets it knows
    public T get() {
        Object value = store.toRead().get(name, hash);
        if (value == Slot.ABSENT) {
            throw local.unset(name);
        }
        return cast(value);
    }

    /**
     * Returns the value of the current context, as an {@code Optional}. A null that was set is empty too.
     *
     * @return the value, if there is one
     */
    public Optional<T> find() {
        return Optional.ofNullable(orElse(null));
    }

    /**
     * Returns the value of the current context, or the given one.
     *
     * @param other what to return if it is not set, may be null
     * @return the value, null if null was set
     */
    public @Nullable T orElse(@Nullable T other) {
        Object value = store.toRead().get(name, hash);
        return value == Slot.ABSENT ? other : cast(value);
    }

    /**
     * Returns the value of the current context, which is computed and set if it is not set yet.
     *
     * @param supplier computes it; what it throws is thrown on unchanged, and nothing is set
     * @return the value
     */
    public @Nullable T computeIfAbsent(Supplier<? extends @Nullable T> supplier) {
        requireNonNull(supplier, "supplier");
        Object value = store.toRead().get(name, hash);
        if (value != Slot.ABSENT) {
            return cast(value);
        }
        T computed = supplier.get();
        set(computed);
        return computed;
    }

    /**
     * Removes the value from the current context.
     *
     * @return true if there was one
     */
    public boolean remove() {
        return store.remove(name, hash);
    }

    /**
     * Tells whether the value is set in the current context. Null counts.
     *
     * @return true if it is set
     */
    @Override
    public boolean isBound() {
        return store.toRead().get(name, hash) != Slot.ABSENT;
    }

    /**
     * Returns the name of the value.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    Class<?> type() {
        return type;
    }

    /** Looks at the value that was set by name before this is declared. */
    void ensureFitsNow() {
        Object value = store.toRead().get(name, hash);
        if (value != Slot.ABSENT && value != null && !boxed.isInstance(value)) {
            throw new IllegalArgumentException("'" + name + "' of " + local + " is set to a "
                    + value.getClass().getName() + " and cannot be declared as " + type.getName()
                    + ": use one type, or two names");
        }
    }

    void ensureFits(@Nullable Object value) {
        if (value != null && !boxed.isInstance(value)) {
            throw new IllegalArgumentException("'" + name + "' of " + local + " is declared as " + type.getName()
                    + " and cannot be set to a " + value.getClass().getName());
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable T cast(@Nullable Object value) {
        return (T) value;
    }

    /** Returns the names of the local and of this; the value is not shown, since it may be secret. */
    @Override
    public String toString() {
        return "LocalVar[" + local.name() + "." + name + "]";
    }
}
