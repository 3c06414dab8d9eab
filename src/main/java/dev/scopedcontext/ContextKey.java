package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.ThreadWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A key to which a value can be bound for the code that runs for a request, a message or a job, and for nothing
 * else. Made once, kept in a static field, and read anywhere below the {@code run} that binds it:
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="key"}
 *
 * <p>A key is identified by itself, not by its name: two keys with one name are two keys.
 *
 * <p><b>Other threads.</b> A binding is seen by the thread that made it, and by threads it is handed to: with {@link
 * ScopedContext#capture()} and {@link dev.scopedcontext.executor.ContextExecutors}. New threads, executors and
 * futures of the JDK do not see it. On JDK 25 and newer a subtask forked by the JDK's own {@code StructuredTaskScope}
 * does.
 *
 * <p>Keys are immutable and safe to use by any number of threads.
 *
 * <p><b>Null</b> may be bound, and is not the same as unbound: {@link #isBound()} is true, {@link #get()}
 * returns null. A key for which that is meant is a {@code ContextKey<@Nullable T>}.
 *
 * <p>A read costs one to three times what {@code ThreadLocal.get} costs (benchmarks {@code ReadOneKey}, {@code
 * ReadManyKeys}, {@code Nest}), bound or not. Nothing is allocated but a table, once, where bindings are many, or one
 * inside the other, and read often.
 *
 * @param <T> the type of the values
 */
public final class ContextKey<T extends @Nullable Object> extends Key {

    static {
        Current.scope(); // initializes the engine here, and not at its first use, where the stack may end
    }

    private final @Nullable Object defaultValue;
    private final @Nullable Supplier<String> unboundMessage;

    /** Whether a hand-off was given, even if that is {@link HandOff#inherit()}. */
    final boolean hasHandOff;

    private ContextKey(Builder<T> builder) {
        super(builder.name, builder.handOff == null ? HandOff.inherit() : builder.handOff, builder.mirrors,
                builder.nesting, 0, builder.ambient);
        this.defaultValue = builder.defaultValue;
        this.unboundMessage = builder.unboundMessage;
        this.hasHandOff = builder.handOff != null;
        if (handOff instanceof ThreadWork) {
            ThreadWorkKey.set(this);
        }
    }

    /**
     * Creates a key.
     *
     * @param name the name that messages show; it need not be unique
     * @param <T> the type of the values
     * @return a new key
     */
    public static <T extends @Nullable Object> ContextKey<T> named(String name) {
        return ContextKey.<T>builder(name).build();
    }

    /**
     * Creates a key with a default, which {@link #get()} returns where nothing is bound. A default is not a
     * binding: {@link #isBound()}, {@link #find()}, {@link #orElse} and {@link #orElseThrow} do not know it.
     *
     * @param name the name that messages show; it need not be unique
     * @param value the default
     * @param <T> the type of the values
     * @return a new key
     */
    public static <T extends @Nullable Object> ContextKey<T> withDefault(String name, T value) {
        return ContextKey.<T>builder(name).withDefault(value).build();
    }

    /**
     * Starts a key that needs more than a name.
     *
     * @param name the name that messages show; it need not be unique
     * @param <T> the type of the values
     * @return a builder
     */
    public static <T extends @Nullable Object> Builder<T> builder(String name) {
        return new Builder<>(requireNonNull(name, "name"));
    }

    /**
     * Returns the value that is bound, or else the default.
     *
     * @return the value
     * @throws UnboundContextException if no value is bound and the key has no default
     */
    public T get() {
        Object value = Current.frame().lookup(this);
        return value != Binding.ABSENT ? cast(value) : getDefault();
    }

    /**
     * Tells whether a value is bound. Null counts, a default does not.
     *
     * @return true if a value is bound
     */
    public boolean isBound() {
        return Current.frame().lookup(this) != Binding.ABSENT;
    }

    /**
     * Returns the value that is bound, or the given one. The key's default plays no part.
     *
     * @param other what to return where nothing is bound, may be null
     * @return the value, null if null is bound
     */
    public @Nullable T orElse(@Nullable T other) {
        Object value = Current.frame().lookup(this);
        return value != Binding.ABSENT ? cast(value) : other;
    }

    /**
     * Returns the value that is bound, as an {@code Optional}. The key's default plays no part, and a bound
     * null is empty too.
     *
     * @return the value, if there is one
     */
    public Optional<T> find() {
        return Optional.ofNullable(orElse(null));
    }

    /**
     * Returns the value that is bound, or throws. The key's default plays no part.
     *
     * @param exception makes what is thrown where nothing is bound
     * @param <X> the type of that exception
     * @return the value, null if null is bound
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
     * Returns the name that the key was created with.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /** Gives a value that was found its type, which was checked when it was bound. */
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
     * Builds a key. Not safe for use by several threads.
     *
     * @param <T> the type of the values
     */
    public static final class Builder<T extends @Nullable Object> {

        private final String name;
        private final List<KeyMirror<? super T>> mirrors = new ArrayList<>();
        private @Nullable HandOff<T> handOff;
        private @Nullable BinaryOperator<T> nesting;
        private @Nullable Object defaultValue = Binding.ABSENT;
        private @Nullable Supplier<String> unboundMessage;
        private boolean ambient;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Gives the key a default, as {@link ContextKey#withDefault} does.
         *
         * @param value the default
         * @return this builder
         */
        public Builder<T> withDefault(T value) {
            this.defaultValue = value;
            return this;
        }

        /**
         * Sets what happens to the key's values when context is handed over; {@link HandOff#inherit()} unless
         * set.
         *
         * @param handOff what happens
         * @return this builder
         */
        public Builder<T> handOff(HandOff<T> handOff) {
            this.handOff = requireNonNull(handOff, "handOff");
            return this;
        }

        /**
         * Adds a place that shows the key's values while they are bound.
         *
         * @param mirror shows the values
         * @return this builder
         */
        public Builder<T> mirror(KeyMirror<? super T> mirror) {
            mirrors.add(requireNonNull(mirror, "mirror"));
            return this;
        }

        /**
         * Sets what the exception of {@link ContextKey#get()} says where no value is bound and there is no
         * default: for a key that is bound in a way of its own, which its users should be told.
         *
         * @param message makes the message, on the thread that reads; what it throws is thrown in place
         * @return this builder
         */
        public Builder<T> unboundMessage(Supplier<String> message) {
            this.unboundMessage = requireNonNull(message, "message");
            return this;
        }

        /**
         * Sets what is bound when a value is bound inside another binding of the key, or after it in the same
         * {@link Bindings}: by default the inner
         * value alone. For values of which an inner one must not undo the outer, such as a deadline, or to
         * which it adds, such as a path. Running in a snapshot replaces what is bound, and nests nothing.
         *
         * @param nesting gets the value that is bound around and the one that is being bound, and returns what
         *        is bound; what it throws is thrown by the {@code run}, {@code call} or {@code attach}
         * @return this builder
         */
        public Builder<T> nesting(BinaryOperator<T> nesting) {
            this.nesting = requireNonNull(nesting, "nesting");
            return this;
        }

        /**
         * Marks the values as ambient: attached by a tool around arbitrary code, such as the current span by a tracing
         * agent. An attachment of such a key alone does not count as a change of bindings for open task scopes, which
         * may fork while it is open. Their subtasks see the value that was bound when the scope was opened.
         *
         * @return this builder
         */
        public Builder<T> ambient() {
            this.ambient = true;
            return this;
        }

        /**
         * Creates the key. Each call creates another one.
         *
         * @return a new key
         */
        public ContextKey<T> build() {
            return new ContextKey<>(this);
        }
    }
}
