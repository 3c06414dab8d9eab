package dev.scopedcontext.named;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.internal.ThreadAdvice;
import org.jspecify.annotations.Nullable;

/** The key to which a context binds its live session. */
final class SessionKey {

    private final String context;
    private final ContextKey<LiveSession> key;

    /** Whether a resource of the context is opened per task. */
    private volatile boolean perTask;

    SessionKey(String context) {
        this.context = context;
        this.key = ContextKey.named(context + " session");
    }

    /** Returns the name of the context. */
    String context() {
        return context;
    }

    String qualify(String ownName) {
        return context + "." + ownName;
    }

    void openPerTask() {
        perTask = true;
    }

    boolean opensPerTask() {
        return perTask;
    }

    /** Returns the session that the caller is in. */
    @Nullable
    LiveSession current() {
        return key.orElse(null);
    }

    /** Returns the session in the running task. For the thread that entered the session, that is the session itself. */
    @Nullable
    LiveSession inTask() {
        LiveSession own = TaskSessions.find(key);
        return own != null ? own : current();
    }

    boolean isActive() {
        LiveSession session = current();
        return session != null && !session.hasEnded();
    }

    Bindings bind(Bindings values, LiveSession session) {
        return values.where(key, session);
    }

    Bindings bindInTask(Bindings values, LiveSession session) {
        return TaskSessions.bind(values, key, session);
    }

    /** Returns the message for a key or resource that is read while it is not bound. */
    String unbound(String qualified) {
        if (key.isBound()) {
            return "The session of context '" + context + "' that is " + (isActive() ? "active on " : "bound on ")
                    + Thread.currentThread() + (isActive() ? " has" : " has ended, and had") + " no value for '"
                    + qualified + "': give it one with session().where(key, value), or add it"
                    + " with overlay().where(key, value)";
        }
        return "No session of context '" + context + "' is active on " + Thread.currentThread() + ", so there is no '"
                + qualified + "': enter one with session().where(key, value).run(...), or, if it is active on another"
                + " thread, hand it over with ScopedContext.capture() or ContextExecutors" + ThreadAdvice.forCaller();
    }
}
