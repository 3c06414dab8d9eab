package dev.scopedcontext.named;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The resources that a session, or a task in one, has opened and will close. Thread-safe.
 *
 * <p>Instances are kept in an array that is copied with each change, so finding one takes no lock. A thread that opens
 * a resource adds its attempt to the list of openings, where other threads find the attempt to wait for. Openers and
 * closers run outside of the lock.
 *
 * <p>When the end has begun, no resource can be opened. Each instance can be used until it is closed itself. If another
 * thread is still opening a resource, that thread closes the instance.
 */
final class SessionResources {

    private static final @Nullable Object[] NONE = {};

    /** The lifetime of the session, and that of these resources: the same one unless they belong to a task. */
    private final Lifetime session;
    private final Lifetime lifetime;

    /**
     * The thread that created this, and the one that uses the resources per task: the same one until another thread
     * ends the session. Both are null after the end, since captured contexts may retain this for a long time.
     */
    private volatile @Nullable Thread opener = Thread.currentThread();
    private volatile @Nullable Thread owner = opener;

    /** Instances by the index of their resource. Written under the lock, read by all threads. */
    private volatile @Nullable Object[] opened = NONE;

    /**
     * The closing actions of the instances, in the order in which their openings ended. Guarded by the lock, unless a
     * task shares it among its resources of several contexts: then only the thread of the task uses it.
     */
    private final List<Runnable> toClose;

    /** Guarded by the lock. */
    private final List<ResourceOpening> openings = new ArrayList<>(0);

    private SessionResources(Lifetime session, Lifetime lifetime, List<Runnable> toClose) {
        this.session = session;
        this.lifetime = lifetime;
        this.toClose = toClose;
    }

    static SessionResources ofSession() {
        Lifetime lifetime = new Lifetime();
        return new SessionResources(lifetime, lifetime, new ArrayList<>(0));
    }

    /**
     * Returns the resources of a new task in the same session on the calling thread, which adds their closing actions.
     */
    SessionResources ofTask(List<Runnable> ofAll) {
        return new SessionResources(session, new Lifetime(), ofAll);
    }

    boolean isOfSession(SessionResources other) {
        return session == other.session;
    }

    boolean isOwned() {
        return owner == Thread.currentThread();
    }

    /**
     * Transfers the instances that are per task to the calling thread, which ends the session. The opener loses them.
     */
    synchronized void takeOver() {
        owner = Thread.currentThread();
    }

    /** Returns whether another thread has taken over the instances per task of the calling one. */
    boolean isTakenAway() {
        return opener == Thread.currentThread() && !isOwned();
    }

    boolean hasEnded() {
        return lifetime.hasEnded();
    }

    /** Returns whether the session has ended, even if these belong to a task that goes on. */
    boolean hasSessionEnded() {
        return session.hasEnded();
    }

    boolean canOpen() {
        return lifetime.canOpen() && session.canOpen();
    }

    /** Returns the open instance, or null if there is none or it belongs to another task. */
    @Nullable
    Object find(ResourceDefinition resource) {
        @Nullable
        Object[] instances = opened;
        Object instance = resource.index < instances.length ? instances[resource.index] : null;
        return instance != null && resource.isPerTask() && !isOwned() ? null : instance;
    }

    /** Returns an instance, and opens it unless another thread does. */
    Object open(ResourceDefinition resource) {
        ResourceOpening mine = new ResourceOpening(resource, session);
        try {
            while (true) {
                ResourceOpening underWay = begin(mine, resource);
                if (underWay == mine) {
                    return make(mine, resource);
                }
                if (underWay != null) {
                    WaitGraph.await(mine, underWay);
                }
                Object instance = find(resource);
                if (instance != null) {
                    return instance;
                }
            }
        } finally {
            mine.ended = true; // first, by stores: if the stack has overflowed, the calls may overflow it again
            mine.thread = null;
            forget(mine);
            mine.wakeWaiters();
        }
    }

    /** Returns the opening to wait for, the given one if there is none, or null if the resource is open. */
    private synchronized @Nullable ResourceOpening begin(ResourceOpening mine, ResourceDefinition resource) {
        if (find(resource) != null) {
            return null;
        }
        ensureOfCaller(resource);
        ensureOpen(resource);
        ResourceOpening around = mine.around(); // possibly in a task that has begun this one, with openings of its own
        if (around != null) {
            return around;
        }
        for (ResourceOpening opening : openings) {
            if (opening.isOf(resource) && !opening.ended) {
                return opening;
            }
        }
        openings.add(mine);
        return mine;
    }

    private Object make(ResourceOpening mine, ResourceDefinition resource) {
        try {
            Object instance = mine.open();
            keep(resource, instance);
            mine.unkept = null;
            return instance;
        } catch (StackOverflowError overflow) {
            throw overflow; // the instance is closed at the end, when more stack is left
        } catch (Throwable failure) { // a hook of the opener has failed, or the session has ended meanwhile
            Object unkept = mine.unkept;
            if (unkept != null) {
                mine.unkept = null;
                Failures.attempt(failure, () -> resource.close(unkept));
            }
            throw failure;
        }
    }

    private synchronized void keep(ResourceDefinition resource, Object instance) {
        ensureOfCaller(resource); // another thread may have taken over while the opener ran
        ensureOpen(resource);
        @Nullable
        Object[] more = Arrays.copyOf(opened, Math.max(opened.length, resource.index + 1));
        more[resource.index] = instance;
        toClose.add(() -> resource.close(takeAway(resource)));
        opened = more;
    }

    private synchronized void forget(ResourceOpening opening) {
        if (opening.unkept == null) {
            openings.remove(opening);
        }
    }

    void close() {
        close(List.of(this), toClose);
    }

    /**
     * Ends resources that are closed together, in reverse order. Closers are hooks of a scope of their own: all of them
     * run, and later failures are suppressed into the first one.
     */
    static void close(List<SessionResources> together, List<Runnable> toClose) {
        together.forEach(SessionResources::beginToClose);
        try {
            if (!toClose.isEmpty()) {
                ScopedContext.without().run(
                        () -> toClose.forEach(closing -> ScopedContext.onExit(failure -> closing.run())));
            }
        } finally {
            together.forEach(SessionResources::end);
        }
    }

    private synchronized void beginToClose() {
        lifetime.beginToEnd();
        for (ResourceOpening opening : openings) {
            if (opening.ended && opening.unkept != null) {
                toClose.add(opening::closeUnkept);
            }
            opening.wakeWaiters(); // which then stop waiting
        }
    }

    private void end() {
        lifetime.end();
        opened = NONE;
        opener = null;
        owner = null;
    }

    private synchronized Object takeAway(ResourceDefinition resource) {
        @Nullable
        Object[] fewer = opened.clone();
        Object instance = fewer[resource.index];
        fewer[resource.index] = null;
        opened = fewer;
        if (instance == null) {
            throw new AssertionError(resource + " is closed once");
        }
        return instance;
    }

    private void ensureOpen(ResourceDefinition resource) {
        if (!canOpen()) {
            throw gone(resource);
        }
    }

    private static UnboundContextException gone(ResourceDefinition resource) {
        return new UnboundContextException(resource + " is gone: the session of context '" + resource.context()
                + "' that it was a part of has ended. Use it before that, or in another session if the"
                + " work outlives this one");
    }

    /** Called under the lock, under which no other thread takes over. */
    private void ensureOfCaller(ResourceDefinition resource) {
        if (!resource.isPerTask() || isOwned()) {
            return;
        }
        if (isTakenAway() || hasEnded()) {
            throw gone(resource);
        }
        throw new IllegalStateException(resource + " is opened per task, but "
                + Thread.currentThread() + " is not known to run a task of its own: it was forked by the JDK's own"
                + " StructuredTaskScope, or the session was entered before perTask() was called. Fork with a"
                + " TaskScope, and declare the resource where the context is declared");
    }
}
