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
 * others wait. If the opener fails, all of them throw the same exception, so that its type does not depend on the order
 * of the threads. A later {@link #get} tries again. The waiting threads try again themselves if the resource did not
 * cause the failure: if the thread that called the opener was interrupted, if its deadline has passed, or if the error
 * is a {@code VirtualMachineError}. A thread that is interrupted, or whose deadline passes, stops waiting.
 *
 * <p>Resources are closed when the session ends, after the hooks of {@link NamedContext#onSessionExit}. They are closed
 * on the thread that leaves, even if it is interrupted, in reverse order of opening: a resource is closed before those
 * that its opener used. All are closed, even if others fail to close.
 *
 * <p>Openers may use other resources, including those of other contexts. A resource must not be retained by one that is
 * closed later: by one of an enclosing session, or, if it is {@linkplain #perTask() per task}, by one that tasks share.
 *
 * <p>If openers need each other, {@link #get} throws an {@code IllegalStateException} that shows the circle. A circle
 * is also detected if several threads or subtasks would wait for each other, and if an opener enters the context of a
 * snapshot. Work that an opener hands to another thread is part of the opener until the opener returns. One case cannot
 * be detected: an opener that waits for a thread in the context of a snapshot that was captured outside of it. Only an
 * interrupt or a deadline ends such a circle.
 *
 * <p><b>Other threads.</b> Subtasks, wrapped tasks and tasks of propagating executors share the resources of the
 * session, unless they are {@linkplain #perTask() per task}. A task that outlives the session can no longer use them.
 *
 * <p><b>Proxies.</b> {@code toString}, {@code equals} and {@code hashCode} of a proxy never open the resource. Before
 * it is open, {@code toString} says that it is not, {@code equals} is identity, and {@code hashCode} throws {@code
 * IllegalStateException}.
 *
 * <p>Using an open resource costs little more than reading a {@code ContextKey} (benchmark {@code NamedResource}).
 *
 * <p>Instances are thread-safe.
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
     * Gives each task an instance of its own, for resources that threads must not share, such as a connection. A task
     * is a subtask, a run of a wrapped task or of a snapshot, or a task of a propagating executor. The thread that
     * entered the session also has an instance of its own. Call this method where the resource is declared: before the
     * resource is used, and before the sessions that it applies to are entered.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="per-task"}
     *
     * <p>The instances of a task are closed when the task ends, in one order with those of other contexts, even if the
     * session has already ended. Hooks of the context do not run at that time. A task must commit its instance before
     * it ends, for example in a hook that it registers with {@code ScopedContext.onExit}. A piece of an {@linkplain
     * Session#open open session} on another thread is also a task.
     *
     * <p>If another thread ends the session, the hooks use the instance of the thread that entered it. If that thread
     * is still opening one, it closes that instance, and {@link #get} throws {@code UnboundContextException}.
     *
     * <p>Tasks are recognized by the hand-offs of this library. A fork of the JDK's own {@code StructuredTaskScope} has
     * none. In such a fork, {@link #get} throws {@code IllegalStateException} and does not return the instance of the
     * parent.
     *
     * @return this key
     * @throws IllegalStateException if the resource has been used as one for the whole session
     */
    public ResourceKey<T> perTask() {
        if (!definition.isPerTask()) {
            if (definition.isUsed()) {
                throw new IllegalStateException(this + " has already been used with one instance per session."
                        + " Call perTask() where it is declared");
            }
            sessionKey.openPerTask();
            definition.openPerTask();
        }
        return this;
    }

    /**
     * Returns the instance of the current session or task. Opens it on first use.
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
     * Returns whether the caller can use the resource, because a session of the context is active. Does not open the
     * resource.
     *
     * @return false if {@link #get()} would throw {@link UnboundContextException}
     */
    @Override
    public boolean isBound() {
        LiveSession session = session();
        return session != null && session.canBeUsed(definition);
    }

    /**
     * Returns whether the resource is open in the current session or task, or an instance was given to the session.
     * Does not open the resource. A hook at the end can check this to skip a resource that was not used.
     *
     * @return true if {@link #get()} would open nothing
     */
    @Override
    public boolean isOpen() {
        LiveSession session = session();
        return session != null && session.find(definition) != null;
    }

    /**
     * Returns the name of the context and the name in it, such as {@code request.db}.
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
