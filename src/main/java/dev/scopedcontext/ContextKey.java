package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.ThreadWork;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A key to which a value is bound while code runs for a request, a message or a job. Create a key once, keep it in a
 * static field, and read it in any method below the {@code run} that binds it:
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="key"}
 *
 * <p>Keys are compared by identity, not by name: two keys with the same name are independent.
 *
 * <p><b>Other threads.</b> A binding is visible to the thread that binds it, and to work that is handed over with
 * {@link ScopedContext#capture()}, {@link dev.scopedcontext.executor.ContextExecutors} or {@link
 * dev.scopedcontext.task.TaskScope}. New threads, executors and futures of the JDK do not see it. On JDK 25 and newer,
 * a subtask of the JDK's own {@code StructuredTaskScope} does.
 *
 * <p>Instances are immutable and thread-safe. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter.
 *
 * <p><b>Null</b> is a value, and differs from no value: if null is bound, {@link #isBound()} returns true and {@link
 * #get()} returns null. Declare a key for such values as {@code ContextKey<@Nullable T>}.
 *
 * <p>A read costs one to three times as much as {@code ThreadLocal.get}, whether or not a value is bound (benchmarks
 * {@code ReadOneKey}, {@code ReadManyKeys}, {@code Nest}). Reads do not allocate, with one exception: if there are
 * several bindings and they are read often, a lookup table is built once.
 *
 * @param <T> the type of the values
 */
public final class ContextKey<T extends @Nullable Object> extends Key {

    static {
        Current.scope(); // initializes the engine here, since the stack may be nearly full at its first use
        if (Current.STRICT) {
            SharedCloseables.report(Frame.EMPTY, null);
        }
    }

    private final @Nullable Object defaultValue;
    private final @Nullable Supplier<String> unboundMessage;

    private ContextKey(Builder<T> builder) {
        super(builder.name, builder.handOff, builder.mirrors, builder.nesting, 0, builder.ambient);
        this.defaultValue = builder.defaultValue;
        this.unboundMessage = builder.unboundMessage;
        if (handOff instanceof ThreadWork) {
            ThreadWorkKey.set(this);
        }
    }

    /** Returns the keys that are bound in a frame, without those that the engine hides, newest first. */
    static Set<ContextKey<?>> listed(Frame frame) {
        Set<ContextKey<?>> keys = new LinkedHashSet<>();
        for (Binding binding : frame) {
            if (binding.key instanceof ContextKey<?> key && !ThreadWorkKey.is(key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    /**
     * Creates a key without a default.
     *
     * @param name the name that messages show; it need not be unique
     * @param <T> the type of the values
     * @return a new key
     */
    public static <T extends @Nullable Object> ContextKey<T> named(String name) {
        return ContextKey.<T>builder(name).build();
    }

    /**
     * Creates a key with a default, which {@link #get()} returns if no value is bound. A default is not a binding:
     * {@link #isBound()}, {@link #find()}, {@link #orElse} and {@link #orElseThrow} ignore it.
     *
     * @param name the name that messages show; it need not be unique
     * @param value the default, may be null
     * @param <T> the type of the values
     * @return a new key
     */
    public static <T extends @Nullable Object> ContextKey<T> withDefault(String name, T value) {
        return ContextKey.<T>builder(name).withDefault(value).build();
    }

    /**
     * Returns a builder for a key with options, such as a hand-off or a mirror.
     *
     * @param name the name that messages show; it need not be unique
     * @param <T> the type of the values
     * @return a builder
     */
    public static <T extends @Nullable Object> Builder<T> builder(String name) {
        return new Builder<>(requireNonNull(name, "name"));
    }

    /**
     * Returns the bound value, or else the default.
     *
     * @return the value
     * @throws UnboundContextException if no value is bound and the key has no default
     */
    public T get() {
        Object value = Current.frame().lookup(this);
        return value != Binding.ABSENT ? cast(value) : getDefault();
    }

    /**
     * Returns whether a value is bound. Null is a value; a default is not a binding.
     *
     * @return true if a value is bound
     */
    public boolean isBound() {
        return Current.frame().lookup(this) != Binding.ABSENT;
    }

    /**
     * Returns the bound value, or the given one if no value is bound. Ignores the default of the key.
     *
     * @param other the value to return if no value is bound, may be null
     * @return the value, which is null if null is bound
     */
    public @Nullable T orElse(@Nullable T other) {
        Object value = Current.frame().lookup(this);
        return value != Binding.ABSENT ? cast(value) : other;
    }

    /**
     * Returns the bound value as an {@code Optional}, which is empty if no value or null is bound. Ignores the default
     * of the key.
     *
     * @return the value, or an empty {@code Optional}
     */
    public Optional<T> find() {
        return Optional.ofNullable(orElse(null));
    }

    /**
     * Returns the bound value, or throws an exception if no value is bound. Ignores the default of the key.
     *
     * @param exception creates the exception
     * @param <X> the type of the exception
     * @return the value, which is null if null is bound
     * @throws X if no value is bound
     */
    public <X extends Throwable> T orElseThrow(Supplier<? extends X> exception) throws X {
        requireNonNull(exception, "exception");
        Object value = Current.frame().lookup(this);
        if (value == Binding.ABSENT) {
            throw exception.get();
        }
        return cast(value);
    }

    /**
     * Returns the name of this key.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /** Returns a value as the type of this key. The type was checked when the value was bound. */
    @SuppressWarnings({"unchecked", "NullAway"})
    T cast(@Nullable Object value) {
        return (T) value;
    }

    T getDefault() {
        if (defaultValue == Binding.ABSENT) {
            throw new UnboundContextException(unboundMessage != null ? unboundMessage.get() : UnboundMessage.of(this));
        }
        return cast(defaultValue);
    }

    T getDefault(Object snapshot) {
        if (defaultValue == Binding.ABSENT) {
            throw new UnboundContextException("No value was bound to " + this + " when " + snapshot + " was captured");
        }
        return cast(defaultValue);
    }

    /**
     * A builder of keys. Instances are not thread-safe. Unless noted otherwise, passing null throws a {@code
     * NullPointerException} that names the parameter.
     *
     * @param <T> the type of the values
     */
    public static final class Builder<T extends @Nullable Object> {

        private final String name;
        private final List<KeyMirror<? super T>> mirrors = new ArrayList<>();
        private HandOff<? super T> handOff = StandardHandOff.UNSTATED;
        private @Nullable BinaryOperator<T> nesting;
        private @Nullable Object defaultValue = Binding.ABSENT;
        private @Nullable Supplier<String> unboundMessage;
        private boolean ambient;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Sets the default, as {@link ContextKey#withDefault} does.
         *
         * @param value the default, may be null
         * @return this builder
         */
        public Builder<T> withDefault(T value) {
            this.defaultValue = value;
            return this;
        }

        /**
         * Sets the hand-off, which determines the values that other threads see. The default is {@link
         * HandOff#inherit()}.
         *
         * @param handOff the hand-off
         * @return this builder
         */
        public Builder<T> handOff(HandOff<T> handOff) {
            this.handOff = requireNonNull(handOff, "handOff");
            return this;
        }

        /**
         * Adds a mirror, which shows the values in a place outside of this library while they are bound.
         *
         * @param mirror the mirror
         * @return this builder
         */
        public Builder<T> mirror(KeyMirror<? super T> mirror) {
            mirrors.add(requireNonNull(mirror, "mirror"));
            return this;
        }

        /**
         * Sets the message of the exception that {@link ContextKey#get()} throws if no value is bound and there is no
         * default. Use it for a key that is not bound by {@code ScopedContext.where}, to tell users how to bind it.
         *
         * @param message supplies the message, on the thread that reads the key; its exceptions propagate
         * @return this builder
         */
        public Builder<T> unboundMessage(Supplier<String> message) {
            this.unboundMessage = requireNonNull(message, "message");
            return this;
        }

        /**
         * Sets how a value is combined with an outer value of the key, or with an earlier one in the same {@link
         * Bindings}. By default, the inner value replaces the outer one. Combine values if the inner one must not
         * override the outer one, such as a deadline, or adds to it, such as a path. Running in a snapshot replaces all
         * bindings and combines no values.
         *
         * @param nesting receives the outer value and the inner value, and returns the value to bind. Its exceptions
         *         propagate from {@code run}, {@code call} or {@code attach}, or from {@code where} for values in the
         *         same bindings
         * @return this builder
         */
        public Builder<T> nesting(BinaryOperator<T> nesting) {
            this.nesting = requireNonNull(nesting, "nesting");
            return this;
        }

        /**
         * Marks the values as ambient: a tool attaches them around arbitrary code, as a tracing agent attaches the
         * current span. An attachment of such a key alone does not count as a change of bindings for open task scopes,
         * which may fork while it is open. Their subtasks see the value that was bound at the opening of the scope.
         *
         * @return this builder
         */
        public Builder<T> ambient() {
            this.ambient = true;
            return this;
        }

        /**
         * Creates the key. Each call creates a new one.
         *
         * @return a new key
         */
        public ContextKey<T> build() {
            return new ContextKey<>(this);
        }
    }
}
