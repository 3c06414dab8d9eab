package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.proxy.ProxySource;
import org.jspecify.annotations.Nullable;

/**
 * A resource of a {@link NamedContext}, such as a database connection: opened in each session when it is used
 * first, and closed when the session ends. Declared once, kept in a static field, and used anywhere in a
 * session:
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
 * those that its opener used. All are closed, whatever others throw.
 *
 * <p>Openers may use other resources, also of other contexts. What they keep must not be closed first: nothing
 * of a session within; and where what is shared by tasks is opened by one of them, nothing that is {@linkplain
 * #perTask() per task}.
 *
 * <p>A circle is an {@code IllegalStateException} that shows it, also if several threads or subtasks would wait for
 * each other, and if an opener enters the context of a snapshot. Work that an opener hands to another thread is a part
 * of it until it returns. If an opener starts a thread in the context of a snapshot that was captured outside of it,
 * nothing tells that it waits for that thread: only an interrupt or a deadline ends a circle through it.
 *
 * <p><b>Other threads.</b> Subtasks, wrapped tasks and tasks of propagating executors share what the session has
 * opened, unless it is {@linkplain #perTask() per task}. One that outlives the session finds it gone.
 *
 * <p><b>Proxies.</b> {@code toString}, {@code equals} and {@code hashCode} of a proxy never open the resource. Before
 * it is open, {@code toString} says that it is not, {@code equals} is identity, and {@code hashCode} throws {@code
 * IllegalStateException}.
 *
 * <p>A resource key is safe to use by any number of threads. To use one that is open costs little more than to
 * read a {@code ContextKey} (benchmark {@code NamedResource}).
 *
 * @param <T> the type of the resource
 */
public final class ResourceKey<T> implements ProxySource<T> {

    final NamedContext context;

    /** Its place among the resources of the context. */
    final int index;

    private final String name;
    private final ResourceOpener<? extends T> opener;
    private final ResourceCloser<? super T> closer;

    private volatile boolean perTask;
    private volatile boolean used;

    ResourceKey(NamedContext context, String name, int index, ResourceOpener<? extends T> opener,
            ResourceCloser<? super T> closer) {
        this.context = context;
        this.name = context.qualify(name);
        this.index = index;
        this.opener = opener;
        this.closer = closer;
    }

    /**
     * Makes this a resource of which each task has its own instance: each subtask, each run of a wrapped task or
     * of a snapshot, each task of a propagating executor; and so has the thread that entered the session. It is
     * closed when that task ends, in one order with those of other contexts, also when the session has ended
     * before; hooks of the context are not run then. If another thread ends the session, these use the instance of
     * the thread that entered it; if that thread is still opening one, it closes this and finds the resource gone.
     * For what must not be used by several threads, such as a connection. A part of the declaration, to be called
     * before the resource is used, and where it is to hold for a session, before that is entered.
     *
     * {@snippet class="dev.scopedcontext.named.NamedExamplesTest" region="per-task"}
     *
     * <p>A piece of an {@linkplain Session#open open session} on another thread is a task, too. A task commits its own
     * instance before it ends, such as in a hook that it registers with {@code ScopedContext.onExit}.
     *
     * <p>It is by the hand-offs of this library that tasks are known. A fork of the JDK's own {@code
     * StructuredTaskScope} has none, and gets an {@code IllegalStateException} in place of its parent's instance.
     *
     * @return this key
     * @throws IllegalStateException if the resource has been used as one for the whole session
     */
    public ResourceKey<T> perTask() {
        if (!perTask) {
            if (used) {
                throw new IllegalStateException(this + " has been used already, as one instance for all of a session."
                        + " Call perTask() where it is declared");
            }
            context.openPerTask();
            perTask = true;
        }
        return this;
    }

    /**
     * Returns the instance of the session that the caller is in, or of its task, opening it if this is the first
     * use.
     *
     * @return the resource
     * @throws UnboundContextException if no session of the context is active, or if it has ended
     * @throws ResourceException if the opener throws a checked exception, which is the cause; others are thrown
     *         as they are. If it is an {@code InterruptedException}, the thread is interrupted again. Also thrown if
     *         this thread is interrupted while it waits for another one to open the resource; it stays interrupted
     * @throws dev.scopedcontext.task.DeadlineExceededException if the current deadline passes while this thread waits
     *         for another one to open the resource
     * @throws NullPointerException if the opener returns null
     * @throws IllegalStateException if the opener uses this resource, through whatever others, threads or
     *         contexts; or if the resource is per task and the caller is a thread that is no task of the session
     */
    @Override
    public T get() {
        OpenSession session = session();
        Object instance = session == null ? null : session.find(this);
        return cast(instance != null ? instance : open(session));
    }

    private Object open(@Nullable OpenSession session) {
        if (session == null) {
            throw new UnboundContextException(context.unbound(name));
        }
        used = true;
        return session.open(this);
    }

    /**
     * Tells whether the resource can be used here: whether a session of the context is active. Does not open it.
     *
     * @return false where {@link #get()} would throw {@link UnboundContextException}
     */
    @Override
    public boolean isBound() {
        OpenSession session = session();
        return session != null && session.canBeUsed(this);
    }

    /**
     * Tells whether the session, or the task, that the caller is in has this resource open, or was given one: so
     * that a hook at its end can leave alone what was not used. Does not open it.
     *
     * @return true if {@link #get()} would open nothing
     */
    @Override
    public boolean isOpen() {
        OpenSession session = session();
        return session != null && session.find(this) != null;
    }

    /**
     * Returns the name of the context and the name in it: {@code request.db}.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /** Returns the name, marked as a resource's. */
    @Override
    public String toString() {
        return "ResourceKey[" + name + "]";
    }

    boolean isPerTask() {
        return perTask;
    }

    boolean isOpenedAndClosedBy(ResourceOpener<?> someOpener, ResourceCloser<?> someCloser) {
        return opener == someOpener && closer == someCloser;
    }

    private @Nullable OpenSession session() {
        return perTask ? context.inTask() : context.current();
    }

    @SuppressWarnings("unchecked")
    private T cast(Object instance) {
        return (T) instance;
    }

    /** Has the opener open an instance. */
    Object open(Opening opening) {
        try {
            return requireNonNull(opening.call(opener), () -> "The opener of " + this + " returned null");
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw wrap(" could not be opened", failure);
        }
    }

    /** Has the closer close an instance, also on a thread that is interrupted. */
    void close(Object instance) {
        boolean interrupted = Thread.interrupted();
        try {
            closer.close(cast(instance));
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw wrap(" could not be closed", failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ResourceException wrap(String problem, Throwable failure) {
        if (Failures.isInterruption(failure)) {
            Thread.currentThread().interrupt();
        }
        return new ResourceException(this + problem + ": " + failure, failure);
    }
}
