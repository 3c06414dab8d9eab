package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import dev.scopedcontext.ContextKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

/**
 * A container of values and resources that belong together, such as {@code app} or {@code request}. Declare it once,
 * with the keys and resources that it has:
 *
 * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="declare"}
 *
 * <p>Enter it, with values, for a block of code and everything that it calls:
 *
 * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="enter"}
 *
 * <p>The values of a context are bound to ordinary {@link ContextKey}s, so {@code ScopedContext.where} can override
 * each of them. A name stands for one thing. Declaring it again with the same type, and for a resource also with the
 * same opener and closer, returns the same object. Declaring it with another type throws an {@code
 * IllegalArgumentException} that names both.
 *
 * <p>A context is identified by the object, not by its name: two contexts with one name have nothing in common.
 *
 * <p><b>Other threads.</b> A session travels like all bindings: with {@code ScopedContext.capture()}, {@code
 * ContextExecutors} and {@code TaskScope}. New threads and executors of the JDK do not see it.
 *
 * <p>Contexts are thread-safe, and so is declaring keys and resources in them. A context keeps its declarations and
 * proxies, and no values.
 *
 * <p><b>Null.</b> Arguments must not be null, or a {@code NullPointerException} names the argument. Values of keys may
 * be null, resources may not.
 */
public final class NamedContext {

    private static final ResourceCloser<AutoCloseable> CLOSE = AutoCloseable::close;

    private final String name;

    /** Bound by each session and overlay. */
    private final SessionKey sessionKey;
    private final Declarations declarations;

    /** The hooks, in the order in which they were added. Replaced under the lock, never changed. */
    private volatile List<Consumer<? super @Nullable Throwable>> hooks = List.of();

    private NamedContext(String name) {
        this.name = name;
        this.sessionKey = new SessionKey(name);
        this.declarations = new Declarations(sessionKey);
    }

    /**
     * Creates a context.
     *
     * @param name the name that messages show; it need not be unique
     * @return a new context
     */
    public static NamedContext named(String name) {
        return new NamedContext(requireNonNull(name, "name"));
    }

    /**
     * Declares a key of values of a generic type, which no {@code Class} describes. The assignment gives the type:
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="generic"}
     *
     * <p>Nothing checks that two declarations of the name mean the same type, nor the values that a session is given by
     * name. If a proxy does not fit the value, its calls throw {@code ClassCastException}.
     *
     * @param name the name; see {@link #key(String, Class)}
     * @param <T> the type of the values
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name stands for a resource, or a key that was declared with a class
     */
    public <T extends @Nullable Object> ContextKey<T> key(String name) {
        return declarations.key(requireNonNull(name, "name"), null, null);
    }

    /**
     * Declares a key. Its own name is that of the context and this one: {@code app.config}. No name is reserved.
     *
     * @param name the name
     * @param type the type of the values; a primitive type stands for its box
     * @param <T> the type of the values
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name stands for a resource, or a key of another type; or if it has a
     *         proxy that values of the type do not fit
     */
    public <T extends @Nullable Object> ContextKey<T> key(String name, Class<@NonNull T> type) {
        return declarations.key(requireNonNull(name, "name"), requireNonNull(type, "type"), null);
    }

    /**
     * Declares a key with a default, a hand-off, mirrors or nesting of its own:
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="configured"}
     *
     * <p>{@link #key(String, Class)} returns the same key later. Values that nest are combined with those before them
     * in the same session, and with those of {@code ScopedContext.where} inside it; a session inside another one starts
     * without a value.
     *
     * @param name the name; see {@link #key(String, Class)}
     * @param type the type of the values; a primitive type stands for its box
     * @param configuration is given the builder of the key. If threads declare the key at the same time, it may be
     *        called by each of them; one of the keys is used
     * @param <T> the type of the values
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name stands for a resource, a key of another type or one that was
     *         declared without this configuration; or if it has a proxy that values of the type do not fit
     */
    public <T extends @Nullable Object> ContextKey<T> key(String name, Class<@NonNull T> type,
            Consumer<? super ContextKey.Builder<T>> configuration) {
        return declarations.key(requireNonNull(name, "name"), requireNonNull(type, "type"),
                requireNonNull(configuration, "configuration"));
    }

    /**
     * Declares a resource that is closed by its own {@code close()}.
     *
     * @param name the name
     * @param type the type of the resource
     * @param opener opens the resource when a session first uses it
     * @param <T> the type of the resource
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name stands for a key of values, a resource of another type or one
     *         with another opener or closer; or if it has a proxy that the type does not fit
     */
    public <T extends AutoCloseable> ResourceKey<T> resource(String name, Class<T> type,
            ResourceOpener<? extends T> opener) {
        return resource(name, type, opener, CLOSE);
    }

    /**
     * Declares a resource.
     *
     * @param name the name
     * @param type the type of the resource
     * @param opener opens the resource when a session first uses it
     * @param closer closes the resource when the session ends
     * @param <T> the type of the resource
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name stands for a key of values, a resource of another type or one
     *         with another opener or closer; or if it has a proxy that the type does not fit
     */
    public <T> ResourceKey<T> resource(String name, Class<T> type, ResourceOpener<? extends T> opener,
            ResourceCloser<? super T> closer) {
        return declarations.resource(requireNonNull(name, "name"), requireNonNull(type, "type"),
                requireNonNull(opener, "opener"), requireNonNull(closer, "closer"));
    }

    /**
     * Returns a proxy that forwards every call to the value of a key, or to a resource, in the context of the call. The
     * first call opens the resource. The name may be declared later. {@code ContextProxies} creates the proxy and
     * describes it.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="proxy"}
     *
     * <p>{@code close()} is forwarded like any other call: {@code try (Connection c = proxy)} would close the
     * connection that the session goes on to use.
     *
     * @param name the name
     * @param type the declared type, or one of its supertypes
     * @param <T> the type of the proxy
     * @return the proxy, the same for the same name and type
     * @throws IllegalArgumentException if the type cannot be proxied, or if the declared type does not fit it
     */
    public <T> T proxy(String name, Class<T> type) {
        return declarations.proxy(requireNonNull(name, "name"), requireNonNull(type, "type"));
    }

    /**
     * Returns a session without values, to which values can be added. Inside it, the values that this context has
     * outside are not bound. Other contexts do not change.
     *
     * @return the session, which takes effect when it is entered
     */
    @CheckReturnValue
    public Session session() {
        return Session.of(this);
    }

    /**
     * Returns a session with the current values of this context, which shares the resources of the active session: they
     * are opened and closed as if there were no overlay. If that session has ended when the overlay is entered, they
     * are gone. If no session is active, the overlay has resources of its own.
     *
     * @return the overlay, which takes effect when it is entered
     */
    @CheckReturnValue
    public Session overlay() {
        return Session.over(this);
    }

    /**
     * Adds a hook for the end of all sessions and overlays of this context that are entered from now on. It runs on the
     * thread that leaves, while values and resources can be used, and after the hooks that the body registered itself.
     * Hooks run in reverse order of being added. Each gets the failure with which the session ends so far, or null. All
     * of them run, even if others fail, as hooks of {@code ScopedContext.onExit} do.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="on-exit"}
     *
     * <p>An {@linkplain Session#attach attached} session does not know an exception of its body. Unless the body was
     * {@linkplain dev.scopedcontext.ScopedContext#markFailed marked} as failed or a hook before has failed, its hooks
     * get null, so a hook that commits without a failure would commit failed work. Enter the session with {@code run}
     * or {@code call} if hooks must know.
     *
     * <p>An overlay ends before the session whose resources it shares. A hook that manages resources should check
     * {@link #isOverlaid}. Hooks do not run for tasks: the closer of a resource {@linkplain ResourceKey#perTask per
     * task} does what that needs at its end. A hook that enters a session of its own context runs at the end of that
     * session, too, and so on without end.
     *
     * @param hook the hook; must be thread-safe
     * @return this context
     */
    public NamedContext onSessionExit(Consumer<? super @Nullable Throwable> hook) {
        requireNonNull(hook, "hook");
        synchronized (declarations) {
            List<Consumer<? super @Nullable Throwable>> more = new ArrayList<>(hooks);
            more.add(hook);
            hooks = List.copyOf(more);
        }
        return this;
    }

    /**
     * Returns whether the caller is in a session or overlay of this context, on its own thread or on one that the
     * session was handed to.
     *
     * @return true from its beginning to its end; false once it has ended, even if its values are still bound on
     *         threads that they were handed to
     */
    public boolean isActive() {
        return sessionKey.isActive();
    }

    /**
     * Returns whether the caller is in an overlay that shares the resources of a session, which closes them later. A
     * hook at the end of an overlay can ask this to leave them alone.
     *
     * @return false in a session, in an overlay that has resources of its own, and outside of any
     */
    public boolean isOverlaid() {
        LiveSession session = sessionKey.current();
        return session != null && session.isOverlay();
    }

    /** Returns the name, and whether a session is active. */
    @Override
    public String toString() {
        return "NamedContext[" + name + (isActive() ? ", active]" : ", not active]");
    }

    String name() {
        return name;
    }

    Declarations declarations() {
        return declarations;
    }

    List<Consumer<? super @Nullable Throwable>> hooks() {
        return hooks;
    }

    SessionKey sessionKey() {
        return sessionKey;
    }
}
