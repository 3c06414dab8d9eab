package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values for a {@link NamedContext}, not in place until something is run with them: {@linkplain
 * NamedContext#session() alone}, or {@linkplain NamedContext#overlay() above} those that it has.
 *
 * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="enter"}
 *
 * <p>Each {@code run}, {@code call} and {@code attach} begins a session of its own, which has its own resources
 * unless it is an overlay. When it ends, first what the body registered with {@code ScopedContext.onExit} is
 * run, then the hooks of the context, then what it opened is closed. All of that is done, whatever the body or
 * others throw: the failure of the body comes first, later ones are suppressed into it.
 *
 * <p>Sessions are immutable: they may be kept, used again, also inside themselves, and shared by threads.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is; the values
 * of keys may, those of resources not.
 */
public final class Session implements ScopeOpener {

    private final NamedContext context;

    /** The values, and their keys. */
    private final Bindings values;
    private final List<ContextKey<?>> keys;

    /** Resources that are used and not closed. */
    private final Map<ResourceKey<?>, Object> given;

    /** The session that an overlay is over, if there was one. */
    private final @Nullable OpenSession under;

    private Session(NamedContext context, Bindings values, List<ContextKey<?>> keys, Map<ResourceKey<?>, Object> given,
            @Nullable OpenSession under) {
        this.context = context;
        this.values = values;
        this.keys = keys;
        this.given = given;
        this.under = under;
    }

    static Session of(NamedContext context) {
        return new Session(context, ScopedContext.without(), List.of(), Map.of(), null);
    }

    static Session over(NamedContext context) {
        Session session = new Session(context, ScopedContext.without(), List.of(), Map.of(), context.current());
        for (ContextKey<?> key : context.declarations().keys()) {
            session = key.isBound() ? session.withCurrent(key) : session;
        }
        return session;
    }

    private <T extends @Nullable Object> Session withCurrent(ContextKey<T> key) {
        return plus(key, key.get());
    }

    /**
     * Returns this session with one more value. The last one for a key counts.
     *
     * @param key a key of the same context
     * @param value the value, may be null
     * @param <T> the type of the value
     * @return a new session; this one is left as it is
     * @throws IllegalArgumentException if the key is not one of the context
     */
    public <T extends @Nullable Object> Session where(ContextKey<T> key, T value) {
        if (!context.declarations().contains(requireNonNull(key, "key"))) {
            throw notOfContext(key);
        }
        return plus(key, value);
    }

    /**
     * Returns this session with an instance of a resource that is to be used in place of one that is opened, as
     * a test would want it. In all tasks of the session it is this instance; it is not closed at the end.
     *
     * @param key a resource of the same context
     * @param instance the instance
     * @param <T> the type of the resource
     * @return a new session; this one is left as it is
     * @throws IllegalArgumentException if the resource is not one of the context
     */
    public <T> Session with(ResourceKey<T> key, T instance) {
        if (requireNonNull(key, "key").context != context) {
            throw notOfContext(key);
        }
        return plus(key, requireNonNull(instance, "instance"));
    }

    /**
     * Returns this session with values, and instances of resources, by their names. The map is copied.
     *
     * @param values the values by name; those of keys may be null
     * @return a new session; this one is left as it is
     * @throws IllegalArgumentException if names are not declared in the context, or values are not of the
     *         declared types; the message tells of all of them
     */
    public Session with(Map<String, ? extends @Nullable Object> values) {
        Map<String, @Nullable Object> copy = new HashMap<>(requireNonNull(values, "values"));
        List<String> problems = new ArrayList<>();
        Session session = this;
        for (Map.Entry<String, @Nullable Object> value : copy.entrySet()) {
            Declaration declaration = context.declarations().find(requireNonNull(value.getKey(), "name"));
            if (declaration == null) {
                problems.add("it has nothing named '" + value.getKey() + "', but " + context.declarations().names());
            } else if (!declaration.accepts(value.getValue())) {
                problems.add(declaration + ", and cannot be " + described(value.getValue()));
            } else {
                session = session.plus(declaration, value.getValue());
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("These values do not fit context '" + context.name() + "': "
                    + String.join("; ", problems));
        }
        return session;
    }

    private static String described(@Nullable Object value) {
        return value == null ? "null" : "a " + value.getClass().getName();
    }

    @SuppressWarnings("unchecked")
    private Session plus(Declaration declaration, @Nullable Object value) {
        return declaration.key() instanceof ResourceKey<?> resource && value != null
                ? plus(resource, value)
                : plus((ContextKey<@Nullable Object>) declaration.key(), value);
    }

    private <T extends @Nullable Object> Session plus(ContextKey<T> key, T value) {
        List<ContextKey<?>> more = keys;
        if (!keys.contains(key)) {
            more = new ArrayList<>(keys.size() + 1);
            more.addAll(keys);
            more.add(key);
        }
        return new Session(context, values.where(key, value), more, given, under);
    }

    private Session plus(ResourceKey<?> key, Object instance) {
        Map<ResourceKey<?>, Object> more = new HashMap<>(given);
        more.put(key, instance);
        return new Session(context, values, keys, more, under);
    }

    private IllegalArgumentException notOfContext(Object key) {
        return new IllegalArgumentException(key + " is not declared in context '" + context.name()
                + "': give it to a session of its own context, or bind it with ScopedContext.where(key, value)");
    }

    /**
     * Runs an operation in a session.
     *
     * @param op the operation; what it throws is thrown on unchanged
     */
    @Override
    public void run(Runnable op) {
        requireNonNull(op, "op");
        this.<@Nullable Void, RuntimeException>call(() -> {
            op.run();
            return null;
        });
    }

    /**
     * Calls an operation in a session.
     *
     * @param op the operation
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation does; it is thrown on unchanged
     * @throws ResourceException if the operation does not fail, but a closer throws a checked exception
     */
    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        Entry entry = entry();
        return entry.bindings().call(() -> {
            entry.begin();
            return op.call();
        });
    }

    /**
     * Opens a session for work that comes in pieces: they share its values and resources, on whatever threads
     * they run, and at the same time if they do. When it is closed, the hooks of the context run and what was
     * opened is closed, on the thread that closes it. A piece that is still running then finds resources gone,
     * as a task does that outlives its session.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="open"}
     *
     * <p>Of a resource that is per task, a piece on another thread than that which called this has an instance
     * of its own, as a task has. If another thread closes the session, its hooks use the instance of the thread that
     * called this. A piece that still runs on that thread then finds it gone. The instance of a piece on another
     * thread is closed when that piece ends, and no hook of the context sees it: the piece itself commits it, such as
     * in a hook that it registers with {@code ScopedContext.onExit}.
     *
     * @return the session, in which nothing runs yet; close it when there is nothing more to run in it
     */
    @Override
    public OpenScope open() {
        return new SessionScope(this, under == null ? OpenSession.of(given) : under.overlay(given));
    }

    /**
     * Begins a session that ends when the returned attachment is closed, as {@link Bindings#attach()} has it. Its
     * hooks are not told of a failure of what is done meanwhile: they get null, whatever the {@code try} ends with,
     * unless a hook before them fails. Use {@code run} or {@code call} where they must know, such as one that
     * commits a transaction.
     *
     * @return the attachment, which ends the session; use it with {@code try}
     */
    public Attachment attach() {
        Entry entry = entry();
        Attachment attachment = entry.bindings().attach();
        try {
            entry.begin();
        } catch (Throwable failure) {
            Failures.attempt(failure, attachment);
            throw failure;
        }
        return attachment;
    }

    NamedContext context() {
        return context;
    }

    /** Returns what a piece of this session has to enter, which is open already. */
    Entry entry(OpenSession open) {
        return entry(open, Entry.alone(context, values, keys));
    }

    /** Returns what the end of this session has to enter if its values refuse that: the resources alone. */
    Entry entryWithoutValues(OpenSession open) {
        return entry(open, context.current() == open
                ? ScopedContext.without()
                : Entry.alone(context, ScopedContext.without(), List.of()));
    }

    private Entry entry(OpenSession open, Bindings bindings) {
        return under == null && open.isOwned()
                ? Entry.ofOwner(context, bindings, open)
                : Entry.ofShared(context, bindings, open);
    }

    /** Tells whether the end of this session closes what it opened; that of an overlay does not. */
    boolean closesResources() {
        return under == null;
    }

    private Entry entry() {
        Bindings alone = Entry.alone(context, values, keys);
        return under == null
                ? Entry.ofSession(context, alone, given)
                : Entry.ofShared(context, alone, under.overlay(given));
    }

    /** Returns the name of the context and those of what this session gives it; values may be secret. */
    @Override
    public String toString() {
        Stream<String> names = Stream.concat(keys.stream().map(ContextKey::name),
                given.keySet().stream().map(ResourceKey::name));
        return names.sorted().collect(joining(", ", "Session of " + context.name() + " [", "]"));
    }
}
