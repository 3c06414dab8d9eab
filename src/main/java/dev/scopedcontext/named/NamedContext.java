package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

/**
 * A container of values and resources that belong together and come and go together, such as {@code app} or
 * {@code request}. It is declared once, with what it can hold:
 *
 * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="declare"}
 *
 * and entered, with values, for a block of code and all that this calls:
 *
 * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="enter"}
 *
 * <p>What a context holds is bound to ordinary {@link ContextKey}s, so that {@code ScopedContext.where} can
 * override it one by one, and to {@link ResourceKey}s. A name stands for one thing: declared again with the same
 * type (for a resource, also the same opener and closer) it is the same object; with another it is an {@code
 * IllegalArgumentException} that says what it is already.
 *
 * <p>A context is identified by itself, not by its name: two contexts with one name have nothing in common.
 *
 * <p><b>Other threads.</b> A session travels like all that is bound: with {@code ScopedContext.capture()}, {@code
 * ContextExecutors} and {@code TaskScope}. New threads and executors of the JDK see nothing of it.
 *
 * <p>A context is safe to use by any number of threads, also to declare things in it. It holds on to what was
 * declared and to its proxies, and to no values.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is; the values of
 * keys may, those of resources not.
 */
public final class NamedContext {

    private static final ResourceCloser<AutoCloseable> CLOSE = AutoCloseable::close;

    private final String name;
    private final Declarations declarations = new Declarations(this);
    private final List<Consumer<? super @Nullable Throwable>> hooks = new CopyOnWriteArrayList<>();

    /** Bound by each session and overlay. */
    private final ContextKey<OpenSession> current;

    private volatile boolean opensPerTask;

    private NamedContext(String name) {
        this.name = name;
        this.current = ContextKey.named(name + " session");
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
     * Declares a value. The key's own name is that of the context and this one: {@code app.config}. Any name
     * will do; none is reserved.
     *
     * @param name the name
     * @param type the type of the values; a primitive type stands for its box
     * @param <T> the type of the values
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name stands for a resource, or a key of another type; or if a proxy
     *         was made for it that such a value does not fit
     */
    public <T extends @Nullable Object> ContextKey<T> key(String name, Class<@NonNull T> type) {
        return declarations.key(requireNonNull(name, "name"), requireNonNull(type, "type"));
    }

    /**
     * Declares a resource that is closed by its own {@code close()}.
     *
     * @param name the name
     * @param type the type of the resource
     * @param opener opens it, at its first use in a session
     * @param <T> the type of the resource
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name stands for a key of values, a resource of another type or one
     *         with another opener or closer; or if a proxy was made for it that the type does not fit
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
     * @param opener opens it, at its first use in a session
     * @param closer closes it, when the session ends
     * @param <T> the type of the resource
     * @return the key, the same for the same name
     * @throws IllegalArgumentException if the name stands for a key of values, a resource of another type or one
     *         with another opener or closer; or if a proxy was made for it that the type does not fit
     */
    public <T> ResourceKey<T> resource(String name, Class<T> type, ResourceOpener<? extends T> opener,
            ResourceCloser<? super T> closer) {
        return declarations.resource(requireNonNull(name, "name"), requireNonNull(type, "type"),
                requireNonNull(opener, "opener"), requireNonNull(closer, "closer"));
    }

    /**
     * Returns an object that forwards every call to what a name stands for where it is called: the value of the
     * key, or the resource, which is opened by the first call. It may be asked for before that is declared. Made by
     * {@code ContextProxies}, which tells more about it.
     *
     * <p>{@code toString} and {@code equals} are calls too, and open a resource that is not open. So is {@code
     * close()}: {@code try (Connection c = proxy)} would close what the session uses further, and closes again.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="proxy"}
     *
     * @param name the name
     * @param type the declared type, or one of its supertypes
     * @param <T> the type of the proxy
     * @return the proxy, the same for the same name and type
     * @throws IllegalArgumentException if the type cannot be proxied, or is not that of what the name stands for
     */
    public <T> T proxy(String name, Class<T> type) {
        return declarations.proxy(requireNonNull(name, "name"), requireNonNull(type, "type"));
    }

    /**
     * Returns a session without values, to which some can be added. Inside it, no value that this context had
     * outside is bound; other contexts are as they were.
     *
     * @return the session, which does nothing until it is entered
     */
    public Session session() {
        return Session.of(this);
    }

    /**
     * Returns a session that has the values which this context has here and now, and shares the resources of the
     * session that is active: they are opened and closed as if there were no overlay. If that session has ended when
     * the overlay is entered, they are gone. Where no session is active, the overlay has resources of its own.
     *
     * @return the overlay, which does nothing until it is entered
     */
    public Session overlay() {
        return Session.over(this);
    }

    /**
     * Adds an action for the end of all sessions and overlays of this context that are entered from now on. It runs
     * on the thread that leaves, while values and resources can be used, and after what the body registered itself;
     * those added last run first. It gets the failure with which the session ends so far, or null, as hooks of
     * {@code ScopedContext.onExit} do, and like these all run, whatever they throw.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="on-exit"}
     *
     * <p>A session that was {@linkplain Session#attach attached} knows no failure of its body: its hooks get null,
     * or the failure of a hook, and one that commits where there is no failure would commit what has failed. Enter
     * with {@code run} or {@code call} where hooks must know.
     *
     * <p>An overlay ends before the session whose resources it shares: a hook that is for these asks {@link
     * #isOverlaid}. Tasks have no hooks of the context: what a resource {@linkplain ResourceKey#perTask per task}
     * needs at its end is for its closer. A hook that enters a session of its own context is run at the end of that
     * one too, and so on without end.
     *
     * @param hook the action; must be safe to use by several threads at once
     * @return this context
     */
    public NamedContext onSessionExit(Consumer<? super @Nullable Throwable> hook) {
        hooks.add(requireNonNull(hook, "hook"));
        return this;
    }

    /**
     * Tells whether the caller is in a session or overlay of this context, be it on another thread that the session
     * was handed to.
     *
     * @return true from its beginning to its end; false once it has ended, though its values may still be bound where
     *         they were handed to
     */
    public boolean isActive() {
        OpenSession session = current();
        return session != null && !session.hasEnded();
    }

    /**
     * Tells whether the caller is in an overlay that shares the resources of a session, which closes them later: so
     * that a hook at the end of an overlay can leave them alone.
     *
     * @return false in a session, in an overlay of none, which has resources of its own, and outside of any
     */
    public boolean isOverlaid() {
        OpenSession session = current();
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

    String qualify(String ownName) {
        return name + "." + ownName;
    }

    Declarations declarations() {
        return declarations;
    }

    List<Consumer<? super @Nullable Throwable>> hooks() {
        return hooks;
    }

    ContextKey<OpenSession> currentKey() {
        return current;
    }

    @Nullable
    OpenSession current() {
        return current.orElse(null);
    }

    /** Returns what the running task of the session has: for the thread that entered it, the session's own. */
    @Nullable
    OpenSession inTask() {
        OpenSession own = TaskSessions.find(this);
        return own != null ? own : current();
    }

    void openPerTask() {
        opensPerTask = true;
    }

    boolean opensPerTask() {
        return opensPerTask;
    }

    /** Returns what to say of a key or resource that is read where it is not bound. */
    String unbound(String qualified) {
        if (current.isBound()) {
            return "The session of context '" + name + "' that is " + (isActive() ? "active on " : "bound on ")
                    + Thread.currentThread() + (isActive() ? " has" : " has ended, and had") + " no value for '"
                    + qualified + "': give it one with session().where(key, value), or add it"
                    + " with overlay().where(key, value)";
        }
        return "No session of context '" + name + "' is active on " + Thread.currentThread() + ", so there is no '"
                + qualified + "': enter one with session().where(key, value).run(...), or, if it is active on another"
                + " thread, hand it over with ScopedContext.capture() or ContextExecutors";
    }
}
