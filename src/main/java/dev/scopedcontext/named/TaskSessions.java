package dev.scopedcontext.named;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the running task has of the sessions that it is in, of those contexts that have resources per task. One for
 * all contexts, since a resource of one may use those of another: what a task has opened is closed in one order.
 */
final class TaskSessions {

    private static final TaskSessions NONE = new TaskSessions(Map.of(), List.of());

    /** Not bound by contexts without such resources, which so pay nothing for the hand-off. */
    private static final ContextKey<TaskSessions> KEY = ContextKey.<TaskSessions>builder("resources per task")
            .withDefault(NONE).handOff(HandOff.perTask(TaskSessions::ofTask, TaskSessions::close)).build();

    private final Map<NamedContext, OpenSession> sessions;

    /** How to close what the task opens, where it is a hand-off that has begun it: sessions close their own. */
    private final List<Runnable> toClose;

    private TaskSessions(Map<NamedContext, OpenSession> sessions, List<Runnable> toClose) {
        this.sessions = sessions;
        this.toClose = toClose;
    }

    /** Returns what the running task has of a context. */
    static @Nullable OpenSession find(NamedContext context) {
        return KEY.get().sessions.get(context);
    }

    /** Returns bindings that also bind what a context has, beside those of other contexts. */
    static Bindings bind(Bindings bindings, NamedContext context, OpenSession session) {
        Map<NamedContext, OpenSession> sessions = new HashMap<>(KEY.get().sessions);
        sessions.put(context, session);
        return bindings.where(KEY, new TaskSessions(sessions, List.of()));
    }

    private TaskSessions ofTask() {
        List<Runnable> ofAll = new ArrayList<>(0);
        Map<NamedContext, OpenSession> opened = new HashMap<>();
        sessions.forEach((context, session) -> opened.put(context, session.ofTask(ofAll)));
        return new TaskSessions(opened, ofAll);
    }

    private void close() {
        Resources.close(sessions.values().stream().map(OpenSession::resources).toList(), toClose);
    }
}
