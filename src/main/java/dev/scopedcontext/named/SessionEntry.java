package dev.scopedcontext.named;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One entry of a session, of an overlay or of a piece of one: its bindings, and its end. */
final class SessionEntry {

    private final Bindings bindings;
    private final SessionEnd end;

    private SessionEntry(Bindings bindings, SessionEnd end) {
        this.bindings = bindings;
        this.end = end;
    }

    /** Enters a new session. */
    static SessionEntry ofSession(SessionKey key, Bindings values, LiveSession session,
            List<Consumer<? super @Nullable Throwable>> hooks) {
        return new SessionEntry(bindOwn(key, values, session), new SessionEnd(hooks, session));
    }

    /** Enters a session again, on the thread that opened it. */
    static SessionEntry ofOwner(SessionKey key, Bindings values, LiveSession session) {
        return new SessionEntry(bindOwn(key, values, session), new SessionEnd(List.of(), null));
    }

    private static Bindings bindOwn(SessionKey key, Bindings values, LiveSession session) {
        Bindings bindings = key.bind(values, session);
        return key.opensPerTask() ? key.bindInTask(bindings, session) : bindings;
    }

    /** Enters an overlay, or a session that any thread has opened. For resources per task, this begins a new task. */
    static SessionEntry ofShared(SessionKey key, Bindings values, LiveSession session,
            List<Consumer<? super @Nullable Throwable>> hooks) {
        Bindings bindings = key.bind(values, session);
        if (!key.opensPerTask()) {
            return new SessionEntry(bindings, new SessionEnd(hooks, null));
        }
        LiveSession here = key.inTask();
        if (here != null && here.isTaskOf(session)) {
            return new SessionEntry(key.bindInTask(bindings, session.above(here)), new SessionEnd(hooks, null));
        }
        LiveSession task = session.ofTask(new ArrayList<>(0));
        return new SessionEntry(key.bindInTask(bindings, task), new SessionEnd(hooks, task));
    }

    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return bindings.<R, X>call(new Operation<>(op, end));
    }

    void run(Runnable op) {
        bindings.run(new Task(op, end));
    }

    /** A task in a session. It is a class, not a lambda, to keep stack traces readable. */
    private record Task(Runnable op, SessionEnd end) implements Runnable {

        @Override
        public void run() {
            end.register();
            op.run();
        }
    }

    private record Operation<R extends @Nullable Object, X extends Throwable>(CallableOp<? extends R, X> op,
            SessionEnd end) implements CallableOp<R, X> {

        @Override
        public R call() throws X {
            end.register();
            return op.call();
        }
    }

    Attachment attach() {
        Attachment attachment = bindings.attach();
        try {
            end.register();
        } catch (Throwable failure) {
            Failures.attempt(failure, attachment);
            throw failure;
        }
        return attachment;
    }
}
