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
 * with its keys and resources:
 *
 * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="declare"}
 *
 * <p>Enter it with values for a block of code, and for all code that the block calls:
 *
 * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="enter"}
 *
 * <p>The values of a context are bound to ordinary {@link ContextKey}s, so {@code ScopedContext.where} can override
 * each of them. A name identifies one key or resource. Declaring it again with the same type, and for a resource also
 * with the same opener and closer, returns the same object. Declaring it with another type throws an {@code
 * IllegalArgumentException} that names both types.
 *
 * <p>Contexts are compared by identity, not by name: two contexts with the same name are independent.
 *
 * <p><b>Other threads.</b> A session is handed over like all bindings, by {@code ScopedContext.capture()}, {@code
 * ContextExecutors} and {@code TaskScope}. New threads and plain executors do not see it.
 *
 * <p>A context retains its declarations and proxies, and no values.
 *
 * <p>Instances are thread-safe. Unless noted otherwise, passing null throws a {@code NullPointerException} that names
 * the parameter. Values of keys may be null; resources may not.
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
     * Declares a key whose values have a generic type, which no {@code Class} represents. The type is inferred:
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="generic"}
     *
     * <p>The type is not checked: neither in further declarations of the name, nor for values that a session is given
     * by name. If a proxy does not fit the value, its calls throw {@code ClassCastException}.
     *
     * @param name the name; see {@link #key(String, Class)}
     * @param <T> the type of the values
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name is declared as a resource, or as a key with a class
     */
    public <T extends @Nullable Object> ContextKey<T> key(String name) {
        return declarations.key(requireNonNull(name, "name"), null, null);
    }

    /**
     * Declares a key. Its full name also contains that of the context, as in {@code app.config}. No name is reserved.
     *
     * @param name the name
     * @param type the type of the values; a primitive type stands for its wrapper class
     * @param <T> the type of the values
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name is declared as a resource or as a key of another type, or if it
     *         has a proxy that values of the type do not fit
     */
    public <T extends @Nullable Object> ContextKey<T> key(String name, Class<@NonNull T> type) {
        return declarations.key(requireNonNull(name, "name"), requireNonNull(type, "type"), null);
    }

    /**
     * Declares a key with a default, a hand-off, mirrors or nesting of its own:
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="configured"}
     *
     * <p>{@link #key(String, Class)} then returns the same key. Values that nest are combined with earlier ones in the
     * same session, and with those of {@code ScopedContext.where} inside it. A session inside another one starts
     * without a value.
     *
     * @param name the name; see {@link #key(String, Class)}
     * @param type the type of the values; a primitive type stands for its wrapper class
     * @param configuration receives the builder of the key. If several threads declare the key at the same time, each
     *        of them may call it; one of the keys is used
     * @param <T> the type of the values
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name is declared as a resource, as a key of another type, or without
     *         this configuration, or if it has a proxy that values of the type do not fit
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
     * @throws IllegalArgumentException if the name is declared as a key, as a resource of another type, or with
     *         another opener or closer, or if it has a proxy that the type does not fit
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
     * @throws IllegalArgumentException if the name is declared as a key, as a resource of another type, or with
     *         another opener or closer, or if it has a proxy that the type does not fit
     */
    public <T> ResourceKey<T> resource(String name, Class<T> type, ResourceOpener<? extends T> opener,
            ResourceCloser<? super T> closer) {
        return declarations.resource(requireNonNull(name, "name"), requireNonNull(type, "type"),
                requireNonNull(opener, "opener"), requireNonNull(closer, "closer"));
    }

    /**
     * Returns a proxy that forwards every call to the value of a key, or to a resource, in the context of the call. The
     * first call opens the resource. The name may be declared later. {@code ContextProxies} specifies the behaviour of
     * the proxy.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="proxy"}
     *
     * <p>{@code close()} is forwarded like any other call: {@code try (Connection c = proxy)} would close the
     * connection that the session continues to use.
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
     * Returns a session without values, to which values can be added. Inside it, the values of this context that are
     * bound outside are not bound. Other contexts are not affected.
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
     * cannot be used. If no session is active, the overlay has resources of its own.
     *
     * @return the overlay, which takes effect when it is entered
     */
    @CheckReturnValue
    public Session overlay() {
        return Session.over(this);
    }

    /**
     * Adds a hook that runs at the end of each session and overlay of this context that is entered from now on. It runs
     * on the thread that leaves, while values and resources can still be used, and after the hooks that the body
     * registered itself. Hooks run in reverse order of addition. Each gets the first failure of the session so far, or
     * null. All of them run, even if others fail, like the hooks of {@code ScopedContext.onExit}.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="on-exit"}
     *
     * <p>The hooks of an {@linkplain Session#attach attached} session do not get the exception of its body. They get
     * null, unless the body was {@linkplain dev.scopedcontext.ScopedContext#markFailed marked} as failed or an earlier
     * hook has failed. A hook that commits if there is no failure would commit failed work. Enter the session with
     * {@code run} or {@code call} if hooks need the exception.
     *
     * <p>An overlay ends before the session whose resources it shares. A hook that manages resources should check
     * {@link #isOverlaid}. Hooks do not run at the end of tasks; the closer of a resource {@linkplain
     * ResourceKey#perTask per task} does. A hook that enters a session of its own context also runs at the end of that
     * session, and therefore recurses without end.
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
     * Returns whether the caller is in a session or overlay of this context, on the thread that entered it or on one
     * that it was handed over to.
     *
     * @return true until the session ends; false afterwards, even if its values are still bound on other threads
     */
    public boolean isActive() {
        return sessionKey.isActive();
    }

    /**
     * Returns whether the caller is in an overlay that shares the resources of a session, which closes them later. A
     * hook at the end of an overlay can check this, and leave the resources to the session.
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
