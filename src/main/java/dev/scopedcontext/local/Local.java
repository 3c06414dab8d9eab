package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.HandOff;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.internal.ThreadAdvice;
import dev.scopedcontext.proxy.ContextProxies;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Named values that are separate in each context. Values that code sets during a request are visible to the rest of
 * that request, and to no other request.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="local"}
 *
 * <p>Unlike a {@link dev.scopedcontext.ContextKey}, a local can be set at any time. The value stays set after the
 * method that set it has returned, until the end of the scope that a {@link LocalManager} opened. Bindings made in
 * between have no effect on it.
 *
 * <p><b>Other threads.</b> Work that is handed over in a managed scope (subtasks, wrapped tasks, tasks of propagating
 * executors) starts with the values at the time of the capture. For subtasks, that is the opening of their task scope.
 * After that, no context sees the changes of another. The values themselves are shared, unless a {@linkplain
 * #var(String, Class, HandOff) variable} has a hand-off of its own. The cost of a hand-over does not depend on the
 * number of values.
 *
 * <p>A subtask of the JDK's own {@code StructuredTaskScope} that inherits the scope reads the current values of its
 * parent until it first sets or removes one. The subtask then has a copy of its own. A subtask that it forks in the
 * same way reads the values that the first one inherited.
 *
 * <p><b>Outside of any managed scope</b>, values belong to the thread until they are removed, and are not handed over.
 * The next task on a thread of a pool would see them. With {@code -Dscopedcontext.strict=true}, setting a value there
 * throws {@code IllegalStateException}.
 *
 * <p>Instances are thread-safe. Unless noted otherwise, passing null throws a {@code NullPointerException} that names
 * the parameter. Values may be null.
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
     * Declares a variable of any type, including generic types. The type is not checked when the value is set by name.
     *
     * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="generic"}
     *
     * <p>Access is faster than by name. All declarations of a name refer to the same value. Declare each name once, in
     * a static field: names are never removed.
     *
     * @param name the name of the value
     * @param <T> the type of the value
     * @return the variable
     */
    public <T> LocalVar<T> var(String name) {
        requireNonNull(name, "name");
        return declare(new LocalVar<>(this, name, null, null));
    }

    /**
     * Declares a variable of a type that is checked when the value is set by name.
     *
     * @param name the name of the value
     * @param type the type of the value
     * @param <T> the type of the value
     * @return the variable
     * @throws IllegalArgumentException if the name is declared with another type, or if its value in the current
     *         context is not of this type. (If another context has set such a value by name before, reading it through
     *         the variable throws {@code ClassCastException}.)
     * @see #var(String)
     */
    public <T> LocalVar<T> var(String name, Class<T> type) {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        return declare(new LocalVar<>(this, name, type, null));
    }

    /**
     * Declares a variable with a hand-off of its own, such as a copy for each task.
     *
     * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="handOff"}
     *
     * <p>The hand-off applies if the value is set in a managed scope or a task when the context is captured. Its steps
     * are those of the hand-off of a key, with these differences:
     * <ul>
     * <li>The variables of a local are opened together, in the order of their declaration, and closed in reverse order.
     * <li>A step on the other thread sees the captured values of this local, and cannot set them.
     * <li>If opening a variable fails for a task that still runs, such as one that is passed to {@code
     * Executor.execute}, every access to this local in the task throws the failure.
     * </ul>
     * The steps of a stream of a {@linkplain LocalManager#managedFunction managed function} use the values of its
     * scope, which are not handed over.
     *
     * @param name the name of the value
     * @param type the type of the value, or the raw type of a generic one
     * @param handOff determines the value for each task whose context is captured from now on
     * @param <T> the type of the value
     * @return the variable
     * @throws IllegalArgumentException if {@link #var(String, Class)} would throw it, or if the name is declared with
     *         another hand-off
     */
    public <T> LocalVar<T> var(String name, Class<? super T> type, HandOff<T> handOff) {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        return declare(new LocalVar<>(this, name, type, requireNonNull(handOff, "handOff")));
    }

    @SuppressWarnings("unchecked")
    private <T> LocalVar<T> declare(LocalVar<T> var) {
        LocalVar<?> known = declared.get(var.name());
        if (known == null || !known.hasType()) {
            var.ensureFitsNow();
        }
        return (LocalVar<T>) requireNonNull(declared.compute(var.name(), (name, previous) -> {
            LocalVar<?> next = previous == null ? var : previous.declaredAgain(var);
            next.handOffUnlessIn(previous);
            return next;
        }));
    }

    /**
     * Returns a proxy that forwards each call to the value that is set at that time. It can be created, stored and
     * passed on anywhere.
     *
     * @param name the name of the value, which this method declares like {@link #var(String, Class)}
     * @param type the type of the proxy
     * @param <T> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied, or if {@link #var(String, Class)} would throw it
     * @see ContextProxies
     */
    public <T> T proxy(String name, Class<T> type) {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        LocalVar<T> var = new LocalVar<>(this, name, type, null);
        T proxy = ContextProxies.of(type, var);
        declare(var);
        return proxy;
    }

    /**
     * Sets a value of the current context.
     *
     * @param name the name of the value
     * @param value the value, may be null
     * @throws IllegalArgumentException if the value is not of the declared type
     * @throws IllegalStateException in a step of a hand-off on the other thread; in strict mode, also on a thread of a
     *         pool outside of any managed scope
     */
    public void set(String name, @Nullable Object value) {
        LocalVar<?> var = declared.get(requireNonNull(name, "name"));
        if (var != null) {
            var.ensureFits(value);
        }
        tables.toWrite().set(name, ValueTable.hash(name), value);
    }

    /**
     * Returns a value of the current context.
     *
     * @param name the name of the value
     * @return the value
     * @throws UnboundContextException if it is not set
     */
    public @Nullable Object get(String name) {
        Object value = lookup(name);
        if (value == NamedValue.ABSENT) {
            throw unset(name);
        }
        return value;
    }

    /**
     * Returns a value of the current context, or the given one.
     *
     * @param name the name of the value
     * @param other the value to return if none is set, may be null
     * @return the value, null if null was set
     */
    public @Nullable Object orElse(String name, @Nullable Object other) {
        Object value = lookup(name);
        return value == NamedValue.ABSENT ? other : value;
    }

    /**
     * Returns a value of the current context, as an {@code Optional}, which is also empty if null was set.
     *
     * @param name the name of the value
     * @return the value, if there is one
     */
    public Optional<Object> find(String name) {
        return Optional.ofNullable(orElse(name, null));
    }

    /**
     * Removes a value from the current context.
     *
     * @param name the name of the value
     * @return true if there was one
     */
    public boolean remove(String name) {
        return tables.remove(requireNonNull(name, "name"), ValueTable.hash(name));
    }

    /**
     * Returns whether a value is set in the current context. Null counts as set.
     *
     * @param name the name of the value
     * @return true if it is set
     */
    public boolean isSet(String name) {
        return lookup(name) != NamedValue.ABSENT;
    }

    /**
     * Returns the values that are currently set in the current context, by name.
     *
     * @return an unmodifiable map in no particular order, which does not change
     */
    public Map<String, @Nullable Object> asMap() {
        return Collections.unmodifiableMap(tables.toRead().asMap());
    }

    /**
     * Returns a value of the current context. If none is set, computes and sets it.
     *
     * @param name the name of the value
     * @param function computes the value from the name; if it throws, the exception propagates unchanged and nothing is
     *        set
     * @return the value
     * @throws IllegalArgumentException if the computed value is not of the declared type
     * @throws IllegalStateException if {@link #set} would throw it
     */
    public @Nullable Object computeIfAbsent(String name,
            Function<? super String, ? extends @Nullable Object> function) {
        requireNonNull(function, "function");
        Object value = lookup(name);
        if (value != NamedValue.ABSENT) {
            return value;
        }
        Object computed = function.apply(name);
        set(name, computed);
        return computed;
    }

    private @Nullable Object lookup(String name) {
        return tables.toRead().get(requireNonNull(name, "name"), ValueTable.hash(name));
    }

    UnboundContextException unset(String name) {
        return new UnboundContextException("'" + name + "' is not set in " + this + " on " + Thread.currentThread()
                + ": set it earlier in the same LocalManager.run, or, if it is set on another thread, hand the context"
                + " of such a run over with ScopedContext.capture() or ContextExecutors" + ThreadAdvice.forCaller());
    }
}
