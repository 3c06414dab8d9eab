package dev.scopedcontext;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of the keys with a hand-off for one task, oldest binding first. They are opened in this order. A hand-off
 * sees the opened values of keys that were bound before its own, and opens those of later ones by reading them. It
 * cannot read the captured value of any other key.
 *
 * <p>From the beginning of the entry, these values are in a frame of their own. Attachments that are opened during the
 * entry are above that frame and restore it.
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

    /** Puts the values for a captured context into effect, and returns them; null if there are none. */
    static @Nullable TaskValues of(Frame captured, Scope scope) {
        List<TaskValue> values = new ArrayList<>();
        for (Binding binding : captured) {
            Key key = binding.key;
            if (key != null && key.has(Key.HANDS_OFF) && !captured.defers(binding)) {
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

    /** Throws if a hand-off refuses the task. Called before any value is opened. */
    void ensureAdmitted() {
        oldestFirst.forEach(TaskValue::ensureAdmitted);
    }

    /**
     * Opens the values. If a value is refused, this method throws, or, if {@code always} is true, each read of the
     * value throws.
     */
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
        if (scope.frame != deferring) { // an attachment was opened meanwhile, and stays beneath
            scope.frame = scope.frame.above(changed);
        } else if (!refused) {
            scope.frame = changed.size == 0 ? captured : captured.above(changed);
        }
    }

    boolean isRefused(Key key) {
        return oldestFirst.stream().anyMatch(value -> value.key == key && !value.open());
    }
}
