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
 * The sessions of the running task, for those contexts that have resources per task. There is one record for all
 * contexts, because a resource of one may use those of another. All resources of a task are closed in one order.
 */
final class TaskSessions {

    private static final TaskSessions NONE = new TaskSessions(Map.of(), List.of());

    /** Not bound by contexts without such resources, which therefore add no cost to a hand-over. */
    private static final ContextKey<TaskSessions> KEY = ContextKey.<TaskSessions>builder("resources per task")
            .withDefault(NONE).handOff(HandOff.perTask(TaskSessions::ofTask, TaskSessions::close)).build();

    /** The sessions, by the key that the context binds its own to. */
    private final Map<ContextKey<LiveSession>, LiveSession> sessions;

    /** The closing actions of the resources of the task, if a hand-off has begun it. Sessions close their own. */
    private final List<Runnable> toClose;

    private TaskSessions(Map<ContextKey<LiveSession>, LiveSession> sessions, List<Runnable> toClose) {
        this.sessions = sessions;
        this.toClose = toClose;
    }

    /** Returns the session of a context in the running task. */
    static @Nullable LiveSession find(ContextKey<LiveSession> context) {
        return KEY.get().sessions.get(context);
    }

    /** Returns bindings that also bind the session of a context in the running task, beside those of others. */
    static Bindings bind(Bindings bindings, ContextKey<LiveSession> context, LiveSession session) {
        Map<ContextKey<LiveSession>, LiveSession> sessions = new HashMap<>(KEY.get().sessions);
        sessions.put(context, session);
        return bindings.where(KEY, new TaskSessions(sessions, List.of()));
    }

    private TaskSessions ofTask() {
        List<Runnable> ofAll = new ArrayList<>(0);
        Map<ContextKey<LiveSession>, LiveSession> opened = new HashMap<>();
        sessions.forEach((context, session) -> opened.put(context, session.ofTask(ofAll)));
        return new TaskSessions(opened, ofAll);
    }

    private void close() {
        SessionResources.close(sessions.values().stream().map(LiveSession::resources).toList(), toClose);
    }
}
