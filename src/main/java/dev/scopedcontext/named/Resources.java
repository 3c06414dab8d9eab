package dev.scopedcontext.named;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The resources that a session, or a task of it, has opened and will close.
 *
 * <p>Instances stand in an array that is copied with each change, so that to find one takes no lock. Whoever is
 * first to open one says so in the list of openings, where others find whom to wait for. Openers and closers run
 * outside of the lock.
 *
 * <p>When the end has begun, nothing can be opened any more, and each instance can be used until its own turn to
 * be closed comes. What another thread is opening meanwhile is closed by that thread.
 */
final class Resources {

    private static final @Nullable Object[] NONE = {};

    /** How far the end has come. */
    private enum State {
        OPEN, CLOSING, ENDED
    }

    /** Those of the session; for those of a session, these. */
    private final Resources session;

    private final Thread opener = Thread.currentThread();

    /** The thread that uses what is per task: the opener, until another thread ends the session. */
    private volatile Thread owner = opener;

    /** Guarded by this, to be read by all: instances, by the index of their keys. */
    private volatile @Nullable Object[] opened = NONE;
    private volatile State state = State.OPEN;

    /**
     * How to close what was opened, in the order in which opening it ended. Guarded by this; what the resources of a
     * task share, of several contexts, is used by one thread only.
     */
    private final List<Runnable> toClose;

    /** Guarded by this. */
    private final List<Opening> openings = new ArrayList<>(0);

    private Resources(@Nullable Resources session, List<Runnable> toClose) {
        this.session = session == null ? this : session;
        this.toClose = toClose;
    }

    static Resources ofSession() {
        return new Resources(null, new ArrayList<>(0));
    }

    /** Returns those of a new task of the same session, on the calling thread, which adds how to close them. */
    Resources ofTask(List<Runnable> ofAll) {
        return new Resources(session, ofAll);
    }

    boolean isOfSession(Resources other) {
        return session == other.session;
    }

    boolean isOwned() {
        return owner == Thread.currentThread();
    }

    /** Gives the calling thread, which ends the session, what is per task. The opener finds that gone. */
    synchronized void takeOver() {
        owner = Thread.currentThread();
    }

    /** Tells whether another thread has taken over what the calling one has opened per task. */
    boolean isTakenAway() {
        return opener == Thread.currentThread() && !isOwned();
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    /** Tells whether the session has ended, be these its own or those of a task that goes on. */
    boolean hasSessionEnded() {
        return session.state == State.ENDED;
    }

    boolean canOpen() {
        return state == State.OPEN && session.state == State.OPEN;
    }

    /** Returns an instance that is open, unless it is that of another task. */
    @Nullable
    Object find(ResourceKey<?> key) {
        @Nullable
        Object[] instances = opened;
        Object instance = key.index < instances.length ? instances[key.index] : null;
        return instance != null && key.isPerTask() && !isOwned() ? null : instance;
    }

    /** Returns an instance, and opens it if nobody else does. */
    Object open(ResourceKey<?> key) {
        Opening mine = new Opening(key, session);
        try {
            while (true) {
                Opening underWay = begin(mine, key);
                if (underWay == mine) {
                    return make(mine, key);
                }
                if (underWay != null) {
                    underWay.await(mine);
                }
                Object instance = find(key);
                if (instance != null) {
                    return instance;
                }
            }
        } finally {
            mine.ended = true; // first, by a store: if the stack has overflowed, the calls may too
            forget(mine);
            mine.wakeWaiters();
        }
    }

    /** Returns the opening of a key that is under way, the given one if there was none, or null if it is open. */
    private synchronized @Nullable Opening begin(Opening mine, ResourceKey<?> key) {
        if (find(key) != null) {
            return null;
        }
        ensureOfCaller(key);
        ensureOpen(key);
        WaitGraph.ensureNotAround(mine); // also in a task that has begun this one, which has openings of its own
        for (Opening opening : openings) {
            if (opening.isOf(key) && !opening.ended) {
                return opening;
            }
        }
        openings.add(mine);
        return mine;
    }

    private Object make(Opening mine, ResourceKey<?> key) {
        try {
            Object instance = open(mine, key);
            keep(key, instance);
            mine.unkept = null;
            return instance;
        } catch (StackOverflowError overflow) {
            throw overflow; // what is unkept is closed at the end, where there is more of the stack
        } catch (Throwable failure) { // a hook of the opener has failed, the session has ended meanwhile, ...
            Object unkept = mine.unkept;
            if (unkept != null) {
                mine.unkept = null;
                Failures.attempt(failure, () -> key.close(unkept)); // which cannot be kept
            }
            throw failure;
        }
    }

    private static Object open(Opening mine, ResourceKey<?> key) {
        try {
            return key.open(mine);
        } catch (Throwable failure) {
            mine.fail(failure);
            throw failure;
        }
    }

    private synchronized void keep(ResourceKey<?> key, Object instance) {
        ensureOfCaller(key); // another thread may have taken over while the opener ran
        ensureOpen(key);
        @Nullable
        Object[] more = Arrays.copyOf(opened, Math.max(opened.length, key.index + 1));
        more[key.index] = instance;
        toClose.add(() -> key.close(takeAway(key)));
        opened = more;
    }

    private synchronized void forget(Opening opening) {
        if (opening.unkept == null) {
            openings.remove(opening);
        }
    }

    void close() {
        close(List.of(this), toClose);
    }

    /**
     * Ends resources that are closed together, in reverse order; as hooks of a scope of their own, all closers run,
     * and later failures are suppressed.
     */
    static void close(List<Resources> together, List<Runnable> toClose) {
        together.forEach(Resources::beginToClose);
        try {
            if (!toClose.isEmpty()) {
                ScopedContext.without().run(
                        () -> toClose.forEach(closing -> ScopedContext.onExit(failure -> closing.run())));
            }
        } finally {
            together.forEach(Resources::end);
        }
    }

    private synchronized void beginToClose() {
        state = State.CLOSING;
        for (Opening opening : openings) {
            if (opening.ended && opening.unkept != null) {
                toClose.add(opening::closeUnkept);
            }
            opening.wakeWaiters(); // they find the resource gone
        }
    }

    private void end() {
        state = State.ENDED;
        opened = NONE;
    }

    private synchronized Object takeAway(ResourceKey<?> key) {
        @Nullable
        Object[] fewer = opened.clone();
        Object instance = fewer[key.index];
        fewer[key.index] = null;
        opened = fewer;
        if (instance == null) {
            throw new AssertionError(key + " is closed once");
        }
        return instance;
    }

    private void ensureOpen(ResourceKey<?> key) {
        if (!canOpen()) {
            throw gone(key);
        }
    }

    private static UnboundContextException gone(ResourceKey<?> key) {
        return new UnboundContextException(key + " is gone: the session of context '" + key.context.name()
                + "' that it was a part of has ended. Use it before that, or in a session of its own"
                + " where work outlives this one");
    }

    /** Called under the lock, under which no other thread takes over. */
    private void ensureOfCaller(ResourceKey<?> key) {
        if (!key.isPerTask() || isOwned()) {
            return;
        }
        if (isTakenAway()) {
            throw gone(key);
        }
        throw new IllegalStateException(key + " is opened for each task, but nothing tells that "
                + Thread.currentThread() + " runs a task of its own: it was forked by the JDK's own"
                + " StructuredTaskScope, or the session was entered before perTask() was called. Fork with a"
                + " TaskScope, and declare the resource where the context is declared");
    }
}
