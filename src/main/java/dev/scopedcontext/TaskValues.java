package dev.scopedcontext;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values that one task gets of the keys with a hand-off, oldest binding first. That is the order in which they
 * are opened: a hand-off finds the values of keys that were bound before its own already opened, and opens those of
 * later ones by reading them. No hand-off can get hold of a captured value but its own.
 *
 * <p>From the beginning of the entry on, they stand in a frame of their own, so that attachments which are made
 * meanwhile lie above it and come back to it.
 */
final class TaskValues {

    private final List<TaskValue> oldestFirst;
    private final Frame captured;
    private final Scope scope;
    private final Frame deferring;

    private TaskValues(List<TaskValue> oldestFirst, Frame captured, Scope scope) {
        this.oldestFirst = oldestFirst;
        this.captured = captured;
        this.scope = scope;
        Binding values = Binding.NONE;
        for (TaskValue value : oldestFirst) {
            values = new Binding(value.key, value, values);
        }
        this.deferring = captured.deferring(values);
    }

    /** Makes those of a captured context, and puts them into effect; returns null if there are none. */
    static @Nullable TaskValues of(Frame captured, Scope scope) {
        List<TaskValue> values = new ArrayList<>();
        for (Binding binding : captured) {
            Key key = binding.key;
            if (key != null && key.has(Key.HANDS_OFF) && !(binding.value instanceof Deferred)) {
                values.add(new TaskValue(key, binding.value, scope));
            }
        }
        if (values.isEmpty()) {
            return null;
        }
        Collections.reverse(values);
        TaskValues all = new TaskValues(values, captured, scope);
        scope.frame = all.deferring;
        return all;
    }

    /** Throws if a hand-off refuses the task; before any of the values is opened. */
    void ensureAdmitted() {
        oldestFirst.forEach(TaskValue::ensureAdmitted);
    }

    /** Opens the values. One that is refused ends this, or, if it is not to, throws when it is read. */
    void open(boolean always) {
        Binding changed = Binding.NONE;
        boolean refused = false;
        for (TaskValue taskValue : oldestFirst) {
            if (always && !taskValue.open()) {
                refused = true;
                continue;
            }
            Object value = taskValue.value();
            if (value != taskValue.captured) {
                changed = new Binding(taskValue.key, value, changed);
            }
        }
        if (scope.frame != deferring) { // something was attached meanwhile, and stays beneath
            scope.frame = scope.frame.above(changed);
        } else if (!refused) {
            scope.frame = changed.size == 0 ? captured : captured.above(changed);
        }
    }

    boolean isRefused(Key key) {
        return oldestFirst.stream().anyMatch(value -> value.key == key && !value.open());
    }
}
