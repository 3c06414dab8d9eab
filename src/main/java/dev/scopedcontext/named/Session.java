package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.scopedcontext.internal.CheckReturnValue;
import dev.scopedcontext.Attachment;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values for a {@link NamedContext}, which take effect when {@code run}, {@code call}, {@code attach} or {@code open}
 * is called: {@linkplain NamedContext#session() alone}, or {@linkplain NamedContext#overlay() in addition} to the
 * current values.
 *
 * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="enter"}
 *
 * <p>Each {@code run}, {@code call} and {@code attach} begins a session of its own, which has its own resources unless
 * it is an overlay. When it ends, the hooks that the body registered with {@code ScopedContext.onExit} run first, then
 * the hooks of the context, and then the resources are closed. Each of these steps happens even if the body or another
 * step fails. Later failures are suppressed into the failure of the body, or else into the first one.
 *
 * <p>A session can be entered any number of times, also inside itself. {@link NamedContext} specifies which other
 * threads see it.
 *
 * <p>Instances are immutable and thread-safe. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter. Values of keys may be null; instances of resources may not.
 */
public final class Session implements ScopeOpener {

    private final NamedContext context;

    /** The values, and their keys. */
    private final Bindings values;
    private final List<ContextKey<?>> keys;

    /** Resources that are used and not closed. */
    private final Map<ResourceDefinition, Object> given;

    /** The session that an overlay was created in, if any. */
    private final @Nullable LiveSession under;

    private Session(NamedContext context, Bindings values, List<ContextKey<?>> keys,
            Map<ResourceDefinition, Object> given, @Nullable LiveSession under) {
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
        Session session = new Session(context, ScopedContext.without(), List.of(), Map.of(),
                context.sessionKey().current());
        for (ContextKey<?> key : context.declarations().keys()) {
            session = key.isBound() ? session.withCurrent(key) : session;
        }
        return session;
    }

    private <T extends @Nullable Object> Session withCurrent(ContextKey<T> key) {
        return plus(key, key.get());
    }

    /**
     * Returns this session with one more value. The last value of a key wins, or is combined with those before it if
     * the key {@linkplain ContextKey.Builder#nesting nests}.
     *
     * @param key a key of the same context
     * @param value the value, may be null
     * @param <T> the type of the value
     * @return a new session; this one does not change
     * @throws IllegalArgumentException if the key is not declared in the context
     */
    @CheckReturnValue
    public <T extends @Nullable Object> Session where(ContextKey<T> key, T value) {
        if (!context.declarations().contains(requireNonNull(key, "key"))) {
            throw notOfContext(key);
        }
        return plus(key, value);
    }

    /**
     * Returns this session with an instance of a resource, which is used instead of opening one, for example in a test.
     * All tasks of the session use this instance. The session does not close it.
     *
     * @param key a resource of the same context
     * @param instance the instance
     * @param <T> the type of the resource
     * @return a new session; this one does not change
     * @throws IllegalArgumentException if the resource is not declared in the context
     */
    @CheckReturnValue
    public <T> Session with(ResourceKey<T> key, T instance) {
        if (!requireNonNull(key, "key").isOf(context.sessionKey())) {
            throw notOfContext(key);
        }
        return plus(key.definition(), requireNonNull(instance, "instance"));
    }

    /**
     * Returns this session with values and instances of resources, by name. The map is copied.
     *
     * @param values the values by name; those of keys may be null
     * @return a new session; this one does not change
     * @throws IllegalArgumentException if names are not declared in the context, or values are not of the declared
     *         types; the message lists all of them
     */
    @CheckReturnValue
    public Session with(Map<String, ? extends @Nullable Object> values) {
        Map<String, @Nullable Object> copy = new HashMap<>(requireNonNull(values, "values"));
        List<String> problems = new ArrayList<>();
        Session session = this;
        for (Map.Entry<String, @Nullable Object> value : copy.entrySet()) {
            Declaration declaration = context.declarations().find(requireNonNull(value.getKey(), "name"));
            if (declaration == null) {
                problems.add("it declares " + context.declarations().names() + ", but not '" + value.getKey() + "'");
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
                ? plus(resource.definition(), value)
                : plus((ContextKey<@Nullable Object>) declaration.key(), value);
    }

    private <T extends @Nullable Object> Session plus(ContextKey<T> key, T value) {
        if (keys.contains(key)) {
            return new Session(context, values.where(key, value), keys, given, under);
        }
        List<ContextKey<?>> more = new ArrayList<>(keys.size() + 1);
        more.addAll(keys);
        more.add(key);
        // unbinds the outer value first, since a key that nests would combine both
        Bindings first = context.declarations().isConfigured(key) ? values.without(key) : values;
        return new Session(context, first.where(key, value), more, given, under);
    }

    private Session plus(ResourceDefinition resource, Object instance) {
        Map<ResourceDefinition, Object> more = new HashMap<>(given);
        more.put(resource, instance);
        return new Session(context, values, keys, more, under);
    }

    private IllegalArgumentException notOfContext(Object key) {
        return new IllegalArgumentException(key + " is not declared in context '" + context.name()
                + "': use it in a session of its own context, or bind it with ScopedContext.where(key, value)");
    }

    @Override
    public void run(Runnable op) {
        requireNonNull(op, "op");
        entry().run(op);
    }

    /**
     * Calls an operation in a session.
     *
     * @param op the operation
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation does; it propagates unchanged
     * @throws ResourceException if the operation does not fail, but a closer throws a checked exception
     */
    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        return entry().<R, X>call(op);
    }

    /**
     * Opens a session for work that runs in pieces. The pieces share its values and resources, on any threads and even
     * if they run at the same time. When it is closed, the hooks of the context run and the resources are closed, on
     * the thread that closes it. A piece that is still running can then no longer use them, like a task that outlives
     * its session.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="open"}
     *
     * <p>If a resource is per task, a piece on another thread than the one that called this method has an instance of
     * its own, like a task. That instance is closed when the piece ends, and no hook of the context sees it. The piece
     * itself must commit it, for example in a hook that it registers with {@code ScopedContext.onExit}. If another
     * thread closes the session, the hooks use the instance of the thread that called this method. A piece that is
     * still running on that thread can then no longer use it.
     *
     * @return the open session; close it after the last piece
     */
    @Override
    @CheckReturnValue
    public OpenScope open() {
        LiveSession live = live();
        return OpenScope.sharing(
                new OpenSession(this, live, new SessionEnd(context.hooks(), under == null ? live : null)));
    }

    /**
     * Begins a session that ends when the returned attachment is closed, as {@link Bindings#attach()} does. Hooks do
     * not get the exception that ends the {@code try} block. They get the failure that the block was {@linkplain
     * ScopedContext#markFailed marked} with, that of an earlier hook, or null. Use {@code run} or {@code call} if hooks
     * need the exception, for example to commit a transaction or roll it back.
     *
     * @return the attachment, which ends the session; use it with {@code try}
     */
    @CheckReturnValue
    public Attachment attach() {
        return entry().attach();
    }

    /** Returns an entry of a new session. */
    private SessionEntry entry() {
        return under == null
                ? SessionEntry.ofSession(context.sessionKey(), alone(values, keys), live(), context.hooks())
                : SessionEntry.ofShared(context.sessionKey(), alone(values, keys), live(), context.hooks());
    }

    private LiveSession live() {
        return under == null ? LiveSession.of(given) : under.overlay(given);
    }

    /** Returns an entry of a piece of this session, which is already open. */
    SessionEntry piece(LiveSession live) {
        return piece(live, alone(values, keys));
    }

    /** Returns an entry of the resources alone, for the end of this session if its values cannot be bound. */
    SessionEntry pieceWithoutValues(LiveSession live) {
        Bindings none = ScopedContext.without();
        return piece(live, context.sessionKey().current() == live ? none : alone(none, List.of()));
    }

    private SessionEntry piece(LiveSession live, Bindings bindings) {
        return under == null && live.isOwned()
                ? SessionEntry.ofOwner(context.sessionKey(), bindings, live)
                : SessionEntry.ofShared(context.sessionKey(), bindings, live, List.of());
    }

    /** Returns bindings that also unbind the keys of the context that are currently bound, except those to keep. */
    private Bindings alone(Bindings bindings, List<ContextKey<?>> kept) {
        Bindings alone = bindings;
        for (ContextKey<?> key : context.declarations().keys()) {
            if (key.isBound() && !kept.contains(key)) {
                alone = alone.without(key);
            }
        }
        return alone;
    }

    /** Returns the name of the context and those of the keys and resources; values may be secret. */
    @Override
    public String toString() {
        Stream<String> names = Stream.concat(keys.stream().map(ContextKey::name),
                given.keySet().stream().map(ResourceDefinition::name));
        return names.sorted().collect(joining(", ", "Session of " + context.name() + " [", "]"));
    }
}
