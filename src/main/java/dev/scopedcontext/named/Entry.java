package dev.scopedcontext.named;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a session: what it binds where it is entered, and what is to be done when it is left.
 *
 * @param context the context
 * @param bindings what is bound
 * @param toClose what is closed at the end, if anything: an overlay shares what another session closes
 */
record Entry(NamedContext context, Bindings bindings, @Nullable OpenSession toClose) {

    static Entry ofSession(NamedContext context, Bindings values, Map<ResourceKey<?>, Object> given) {
        OpenSession session = OpenSession.of(given);
        return new Entry(context, bound(context, values, session), session);
    }

    /** Enters a session again, on the thread that opened it. */
    static Entry ofOwner(NamedContext context, Bindings values, OpenSession session) {
        return new Entry(context, bound(context, values, session), null);
    }

    private static Bindings bound(NamedContext context, Bindings values, OpenSession session) {
        Bindings bindings = values.where(context.currentKey(), session);
        return context.opensPerTask() ? TaskSessions.bind(bindings, context, session) : bindings;
    }

    /** Enters an overlay, or a session that is open on whatever thread it was opened by. */
    static Entry ofShared(NamedContext context, Bindings values, OpenSession session) {
        Bindings bindings = values.where(context.currentKey(), session);
        if (!context.opensPerTask()) {
            return new Entry(context, bindings, null);
        }
        OpenSession here = context.inTask();
        if (here != null && here.isTaskOf(session)) {
            return new Entry(context, TaskSessions.bind(bindings, context, session.above(here)), null);
        }
        OpenSession task = session.ofTask(new ArrayList<>(0));
        return new Entry(context, TaskSessions.bind(bindings, context, task), task);
    }

    /** Has done at the end what is to be done; called inside, first of all. */
    void begin() {
        closeAtEnd(); // first, so that it is done last
        context.hooks().forEach(ScopedContext::onExit);
    }

    /** Has closed at the end what this entry opens, without any hooks; called inside. */
    void closeAtEnd() {
        OpenSession closed = toClose;
        if (closed != null) {
            ScopedContext.onExit(failure -> closed.close());
        }
    }

    /** Returns bindings that leave out those keys of the context that are bound now and not to be. */
    static Bindings alone(NamedContext context, Bindings values, List<ContextKey<?>> kept) {
        Bindings bindings = values;
        for (ContextKey<?> key : context.declarations().keys()) {
            if (key.isBound() && !kept.contains(key)) {
                bindings = bindings.without(key);
            }
        }
        return bindings;
    }
}
