package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.HandOff;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ProxySource;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A variable of a {@link Local}: one of its values, with a type. Declare it with {@link Local#var}, and keep it in a
 * static field.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="var"}
 *
 * <p>{@link Local} specifies the values that other threads, and code outside of any managed scope, see. A variable may
 * have a {@linkplain Local#var(String, Class, HandOff) hand-off of its own}. The benchmark {@code Locals} measures the
 * costs.
 *
 * <p>Instances are immutable and thread-safe. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter. Values may be null.
 *
 * @param <T> the type of the value
 */
public final class LocalVar<T> implements ProxySource<T> {

    private final ContextTables tables;
    private final String name;
    private final int hash;
    private final Local local;

    /** The declared type, or null if none was declared. */
    private final @Nullable Class<?> type;

    private final @Nullable HandOff<?> handOff;

    LocalVar(Local local, String name, @Nullable Class<?> type, @Nullable HandOff<?> handOff) {
        this.tables = local.tables;
        this.name = name.intern(); // like literals, so that a lookup finds it by identity
        this.hash = ValueTable.hash(name);
        this.local = local;
        this.type = type;
        this.handOff = handOff;
    }

    /**
     * Sets the value of the current context.
     *
     * @param value the value, may be null
     * @throws IllegalStateException in a step of a hand-off on the other thread; in strict mode, also on a thread of a
     *         pool outside of any managed scope
     */
    public void set(@Nullable T value) {
        tables.toWrite().set(name, hash, value);
    }

    /**
     * Returns the value of the current context.
     *
     * @return the value, null if null was set
     * @throws UnboundContextException if it is not set
     */
    @Override
    @SuppressWarnings("NullAway") // null only if null was set
    public T get() {
        Object value = tables.toRead().get(name, hash);
        if (value == NamedValue.ABSENT) {
            throw local.unset(name);
        }
        return cast(value);
    }

    /**
     * Returns the value of the current context, as an {@code Optional}, which is also empty if null was set.
     *
     * @return the value, if there is one
     */
    public Optional<T> find() {
        return Optional.ofNullable(orElse(null));
    }

    /**
     * Returns the value of the current context, or the given one.
     *
     * @param other the value to return if none is set, may be null
     * @return the value, null if null was set
     */
    public @Nullable T orElse(@Nullable T other) {
        Object value = tables.toRead().get(name, hash);
        return value == NamedValue.ABSENT ? other : cast(value);
    }

    /**
     * Returns the value of the current context. If none is set, computes and sets it.
     *
     * @param supplier computes the value; if it throws, the exception propagates unchanged and nothing is set
     * @return the value
     * @throws IllegalStateException if {@link #set} would throw it
     */
    public @Nullable T computeIfAbsent(Supplier<? extends @Nullable T> supplier) {
        requireNonNull(supplier, "supplier");
        Object value = tables.toRead().get(name, hash);
        if (value != NamedValue.ABSENT) {
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
        return tables.remove(name, hash);
    }

    /**
     * Returns whether the value is set in the current context. Null counts as set.
     *
     * @return true if it is set
     */
    public boolean isSet() {
        return tables.toRead().get(name, hash) != NamedValue.ABSENT;
    }

    /**
     * Returns whether the value is {@linkplain #isSet() set}, for proxies.
     *
     * @return true if it is set
     */
    @Override
    public boolean isBound() {
        return isSet();
    }

    /**
     * Returns the name of the value.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    boolean hasType() {
        return type != null;
    }

    /**
     * Returns the variable after a further declaration of its name, which may add a type and a hand-off.
     *
     * @throws IllegalArgumentException if the declarations contradict each other
     */
    LocalVar<?> declaredAgain(LocalVar<?> next) {
        Class<?> mergedType = type == null ? next.type : type;
        if (next.type != null && next.type != mergedType) {
            throw new IllegalArgumentException(quoted() + " is declared as " + typeName() + ", not as "
                    + next.typeName() + ": use one type, or two names");
        }
        HandOff<?> mergedHandOff = handOff == null ? next.handOff : handOff;
        if (next.handOff != null && next.handOff != mergedHandOff) {
            throw new IllegalArgumentException(quoted() + " is declared with another hand-off: declare it once, in a"
                    + " static field");
        }
        boolean isSame = mergedType == type && mergedHandOff == handOff;
        return isSame ? this : new LocalVar<>(local, name, mergedType, mergedHandOff);
    }

    /** Adds the hand-off of this declaration, if it has one and the previous declaration had none. */
    void handOffUnlessIn(@Nullable LocalVar<?> previous) {
        if (handOff != null && (previous == null || previous.handOff == null)) {
            tables.handOff.add(name, hash, handOff);
        }
    }

    /** Checks the value that was set by name before this declaration. */
    void ensureFitsNow() {
        Object value = tables.toRead().get(name, hash);
        if (value != NamedValue.ABSENT && !fits(value)) {
            throw new IllegalArgumentException(quoted() + " is set to a " + nameOfClass(value)
                    + " and cannot be declared as " + typeName() + ": use one type, or two names");
        }
    }

    void ensureFits(@Nullable Object value) {
        if (!fits(value)) {
            throw new IllegalArgumentException(quoted() + " is declared as " + typeName() + " and cannot be set to a "
                    + nameOfClass(value));
        }
    }

    private boolean fits(@Nullable Object value) {
        return value == null || type == null || MethodType.methodType(type).wrap().returnType().isInstance(value);
    }

    private String quoted() {
        return "'" + name + "' of " + local;
    }

    private String typeName() {
        return requireNonNull(type).getName();
    }

    private static String nameOfClass(@Nullable Object value) {
        return requireNonNull(value).getClass().getName();
    }

    @SuppressWarnings("unchecked")
    private @Nullable T cast(@Nullable Object value) {
        return (T) value;
    }

    /** Returns the names of the local and of the value. The value is not shown, since it may be secret. */
    @Override
    public String toString() {
        return "LocalVar[" + local.name() + "." + name + "]";
    }
}
