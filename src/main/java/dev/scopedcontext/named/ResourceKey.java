package dev.scopedcontext.named;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ProxySource;
import org.jspecify.annotations.Nullable;

/**
 * A resource of a {@link NamedContext}, such as a database connection. It is opened in each session when it is first
 * used, and closed when the session ends. Declare it once, keep it in a static field, and use it anywhere in a session:
 *
 * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="resource"}
 *
 * <p>In one session it is opened once, even if several threads use it at the same time: one calls the opener, and the
 * others wait. If the opener fails, all of them throw the same exception, so that its type does not depend on which
 * thread came first. A later {@link #get} tries again. The waiting threads try again themselves if the failure is not
 * one of the resource: if the thread that called the opener was interrupted, if its deadline has passed, or if the
 * error is a {@code VirtualMachineError}. A thread that is interrupted, or whose deadline passes, waits no longer.
 *
 * <p>Resources are closed when the session ends, after the hooks of {@link NamedContext#onSessionExit}. They are closed
 * on the thread that leaves, interrupted or not, in reverse order of having been opened: a resource is closed before
 * those that its opener used. All are closed, even if others fail to close.
 *
 * <p>Openers may use other resources, also of other contexts. A resource must not be kept by one that is closed later:
 * by one of a session around, or, if it is {@linkplain #perTask() per task}, by one that tasks share.
 *
 * <p>If openers need each other, {@link #get} throws an {@code IllegalStateException} that shows the circle. It is also
 * found if several threads or subtasks would wait for each other, and if an opener enters the context of a snapshot.
 * Work that an opener hands to another thread is a part of it until it returns. If an opener starts a thread in the
 * context of a snapshot that was captured outside of it, the library cannot know that it waits for that thread: only an
 * interrupt or a deadline ends a circle through it.
 *
 * <p><b>Other threads.</b> Subtasks, wrapped tasks and tasks of propagating executors share the resources of the
 * session, unless they are {@linkplain #perTask() per task}. A task that outlives the session finds them gone.
 *
 * <p><b>Proxies.</b> {@code toString}, {@code equals} and {@code hashCode} of a proxy never open the resource. Before
 * it is open, {@code toString} says that it is not, {@code equals} is identity, and {@code hashCode} throws {@code
 * IllegalStateException}.
 *
 * <p>Resource keys are thread-safe. Using an open resource costs little more than reading a {@code ContextKey}
 * (benchmark {@code NamedResource}).
 *
 * @param <T> the type of the resource
 */
public final class ResourceKey<T> implements ProxySource<T> {

    private final SessionKey sessionKey;
    private final ResourceDefinition definition;

    ResourceKey(SessionKey sessionKey, ResourceDefinition definition) {
        this.sessionKey = sessionKey;
        this.definition = definition;
    }

    /**
     * Gives each task an instance of its own, for resources that several threads must not use, such as a connection. A
     * task is a subtask, a run of a wrapped task or of a snapshot, or a task of a propagating executor. The thread that
     * entered the session has an instance of its own, too. Call this where the resource is declared: before it is used,
     * and before the sessions that it applies to are entered.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="per-task"}
     *
     * <p>The instances of a task are closed when that ends, in one order with those of other contexts, even if the
     * session has ended before. Hooks of the context do not run then. A task commits its instance before it ends, such
     * as in a hook that it registers with {@code ScopedContext.onExit}. A piece of an {@linkplain Session#open open
     * session} on another thread is a task, too.
     *
     * <p>If another thread ends the session, the hooks use the instance of the thread that entered it. If that thread
     * is still opening one, it closes that instance and finds the resource gone.
     *
     * <p>Tasks are known by the hand-offs of this library. A fork of the JDK's own {@code StructuredTaskScope} has
     * none. It gets an {@code IllegalStateException}, and not the instance of its parent.
     *
     * @return this key
     * @throws IllegalStateException if the resource has been used as one for the whole session
     */
    public ResourceKey<T> perTask() {
        if (!definition.isPerTask()) {
            if (definition.isUsed()) {
                throw new IllegalStateException(this + " has been used already, as one instance for all of a session."
                        + " Call perTask() where it is declared");
            }
            sessionKey.openPerTask();
            definition.openPerTask();
        }
        return this;
    }

    /**
     * Returns the instance of the session that the caller is in, or of its task. Opens it at the first use.
     *
     * @return the resource
     * @throws UnboundContextException if no session of the context is active, or if it has ended
     * @throws ResourceException if the opener throws a checked exception, which is the cause. Unchecked exceptions
     *         propagate unchanged. If the cause is an {@code InterruptedException}, the thread is interrupted again.
     *         Also thrown if this thread is interrupted while it waits for another one to open the resource; it stays
     *         interrupted
     * @throws dev.scopedcontext.task.DeadlineExceededException if the current deadline passes while this thread waits
     *         for another one to open the resource
     * @throws NullPointerException if the opener returns null
     * @throws IllegalStateException if the opener uses this resource, even through other resources, threads or
     *         contexts; or if the resource is per task and the calling thread runs no task of the session
     */
    @Override
    public T get() {
        LiveSession session = session();
        Object instance = session == null ? null : session.find(definition);
        return cast(instance != null ? instance : open(session));
    }

    private Object open(@Nullable LiveSession session) {
        if (session == null) {
            throw new UnboundContextException(sessionKey.unbound(name()));
        }
        definition.use();
        return session.open(definition);
    }

    /**
     * Returns whether the resource can be used by the caller, because a session of the context is active. Does not open
     * it.
     *
     * @return false if {@link #get()} would throw {@link UnboundContextException}
     */
    @Override
    public boolean isBound() {
        LiveSession session = session();
        return session != null && session.canBeUsed(definition);
    }

    /**
     * Returns whether the session, or the task, that the caller is in has this resource open, or was given an instance.
     * A hook at the end can ask this to leave alone a resource that was not used. Does not open it.
     *
     * @return true if {@link #get()} would open nothing
     */
    @Override
    public boolean isOpen() {
        LiveSession session = session();
        return session != null && session.find(definition) != null;
    }

    /**
     * Returns the name of the context and the name in it: {@code request.db}.
     *
     * @return the name
     */
    public String name() {
        return definition.name();
    }

    /** Returns the name, marked as that of a resource. */
    @Override
    public String toString() {
        return definition.toString();
    }

    /** Returns whether this was declared in the context that binds its sessions to a key. */
    boolean isOf(SessionKey context) {
        return sessionKey == context;
    }

    ResourceDefinition definition() {
        return definition;
    }

    private @Nullable LiveSession session() {
        return definition.isPerTask() ? sessionKey.inTask() : sessionKey.current();
    }

    @SuppressWarnings("unchecked")
    private T cast(Object instance) {
        return (T) instance;
    }
}
