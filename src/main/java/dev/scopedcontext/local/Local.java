package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ContextProxies;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Named values that each context has for itself: what code sets while a request runs is seen by the rest of
 * that request, and by no other.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="local"}
 *
 * <p>Unlike a {@link dev.scopedcontext.ContextKey} it can be set at any time, and what is set stays set when
 * the method that did it returns: until the scope ends that a {@link LocalManager} opened, whatever was bound
 * in between.
 *
 * <p><b>Other threads.</b> Whatever is handed over in a managed scope (subtasks, wrapped tasks, tasks of
 * propagating executors) starts with the values as of the capture, which for subtasks is when their task scope
 * was opened. From then on nobody sees what another
 * sets or removes; the values themselves are shared. To hand over costs the same however many are set. A
 * subtask of the JDK's own {@code StructuredTaskScope} that inherits the scope reads its parent's values, as
 * they come and go, until it first sets or removes one: that copies them, for the subtask alone. One that it forks
 * in turn in that way reads what it inherited itself.
 *
 * <p><b>Outside of any managed scope</b> values are kept per thread until they are removed, and are not handed
 * over. In a pool the next task would find them, which {@code -Dscopedcontext.strict=true} makes an {@code
 * IllegalStateException} where a value is set.
 *
 * <p>A {@code Local} is safe to use by any number of threads.
 *
 * <p><b>Null</b> is a value. Other arguments must not be null, or {@code NullPointerException} names the one
 * that is.
 */
public final class Local extends ContextLocal {

    private final Map<String, LocalVar<?>> declared = new ConcurrentHashMap<>();

    private Local(String name) {
        super(name);
    }

    /**
     * Creates a local in which nothing is set.
     *
     * @param name the name that messages show; it need not be unique
     * @return a new local
     */
    public static Local named(String name) {
        return new Local(name);
    }

    /**
     * Declares a value: a handle to set and get it with its type, faster than by name. The same name gives
     * the same handle. Declare each once, in a static field: names are never let go.
     *
     * @param name the name of the value
     * @param type the type that it has from now on
     * @param <T> that type
     * @return the handle
     * @throws IllegalArgumentException if it was declared with another type, or if in the current context it is set
     *         to what is not of this type. (Where another context has set such a value by name before, what reads it
     *         as this type gets a {@code ClassCastException}.)
     */
    public <T> LocalVar<T> var(String name, Class<T> type) {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        return declare(new LocalVar<>(this, name, type));
    }

    @SuppressWarnings("unchecked")
    private <T> LocalVar<T> declare(LocalVar<T> var) {
        if (!declared.containsKey(var.name())) {
            var.ensureFitsNow();
        }
        LocalVar<?> before = declared.putIfAbsent(var.name(), var);
        if (before == null) {
            return var;
        }
        if (before.type() != var.type()) {
            throw new IllegalArgumentException("'" + var.name() + "' of " + this + " is declared as "
                    + before.type().getName() + ", not as " + var.type().getName() + ": use one type, or two names");
        }
        return (LocalVar<T>) before;
    }

    /**
     * Returns an object that forwards every call to what is set when it is called. It can be made, kept and
     * passed on anywhere.
     *
     * @param name the name of the value, which is declared by this, as by {@link #var}, unless this fails
     * @param type what it is used as
     * @param <T> that type
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied, or {@link #var} would not declare it
     * @see ContextProxies
     */
    public <T> T proxy(String name, Class<T> type) {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        LocalVar<T> var = new LocalVar<>(this, name, type);
        T proxy = ContextProxies.of(type, var);
        declare(var);
        return proxy;
    }

    /**
     * Sets a value of the current context.
     *
     * @param name its name
     * @param value the value, may be null
     * @throws IllegalArgumentException if it was declared with a type of which this value is not
     * @throws IllegalStateException in strict mode, on a thread of a pool outside of any managed scope
     */
    public void set(String name, @Nullable Object value) {
        LocalVar<?> var = declared.get(requireNonNull(name, "name"));
        if (var != null) {
            var.ensureFits(value);
        }
        store.toWrite().set(name, Cell.hash(name), value);
    }

    /**
     * Returns a value of the current context.
     *
     * @param name its name
     * @return the value
     * @throws UnboundContextException if it is not set
     */
    public @Nullable Object get(String name) {
        Object value = lookup(name);
        if (value == Slot.ABSENT) {
            throw unset(name);
        }
        return value;
    }

    /**
     * Returns a value of the current context, as an {@code Optional}. A null that was set is empty too.
     *
     * @param name its name
     * @return the value, if there is one
     */
    public Optional<Object> find(String name) {
        return Optional.ofNullable(orElse(name, null));
    }

    /**
     * Returns a value of the current context, or the given one.
     *
     * @param name its name
     * @param other what to return if it is not set, may be null
     * @return the value, null if null was set
     */
    public @Nullable Object orElse(String name, @Nullable Object other) {
        Object value = lookup(name);
        return value == Slot.ABSENT ? other : value;
    }

    /**
     * Returns a value of the current context, which is computed and set if it is not set yet.
     *
     * @param name its name
     * @param function computes the value from the name; what it throws is thrown on unchanged, and nothing is set
     * @return the value
     * @throws IllegalArgumentException if the computed value is not of the type that was declared
     */
    public @Nullable Object computeIfAbsent(String name,
            Function<? super String, ? extends @Nullable Object> function) {
        requireNonNull(function, "function");
        Object value = lookup(name);
        if (value != Slot.ABSENT) {
            return value;
        }
        Object computed = function.apply(name);
        set(name, computed);
        return computed;
    }

    /**
     * Removes a value from the current context.
     *
     * @param name its name
     * @return true if there was one
     */
    public boolean remove(String name) {
        return store.remove(requireNonNull(name, "name"), Cell.hash(name));
    }

    /**
     * Tells whether a value is set in the current context. Null counts.
     *
     * @param name its name
     * @return true if it is set
     */
    public boolean contains(String name) {
        return lookup(name) != Slot.ABSENT;
    }

    /**
     * Returns the names of the values that are set in the current context now.
     *
     * @return an unmodifiable set in no particular order, which does not change
     */
    public Set<String> names() {
        return asMap().keySet();
    }

    /**
     * Returns the values that are set in the current context now.
     *
     * @return an unmodifiable map in no particular order, which does not change
     */
    public Map<String, @Nullable Object> asMap() {
        return Collections.unmodifiableMap(store.toRead().asMap());
    }

    private @Nullable Object lookup(String name) {
        return store.toRead().get(requireNonNull(name, "name"), Cell.hash(name));
    }

    UnboundContextException unset(String name) {
        return new UnboundContextException("'" + name + "' is not set in " + this + " on " + Thread.currentThread()
                + ": set it earlier in the same LocalManager.run, or, if it is set on another thread, hand the context"
                + " of such a run over with ScopedContext.capture() or ContextExecutors");
    }
}
