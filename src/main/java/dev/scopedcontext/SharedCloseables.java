package dev.scopedcontext;

import dev.scopedcontext.internal.Log;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Warns, in strict mode, if a value that can be closed is handed over by reference: a task may use it after its scope
 * has closed it. A key is named once, and not if it was given a hand-off.
 */
final class SharedCloseables {

    private static final Set<Key> REPORTED = Collections
            .synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private SharedCloseables() {
    }

    /** Called before the calling thread enters a captured context. A logger that fails keeps no task from running. */
    static void report(Frame captured, @Nullable Scope around) {
        try {
            reportEach(captured, around);
        } catch (Throwable ofLogger) {
            // The warning is lost.
        }
    }

    private static void reportEach(Frame captured, @Nullable Scope around) {
        Frame current = around == null ? Frame.EMPTY : around.frame;
        if (captured.has(Frame.DEFERS) || current.has(Frame.DEFERS)) {
            return; // since reading a deferred value may open it
        }
        for (Binding binding : captured) {
            Key key = binding.key;
            if (binding.value instanceof AutoCloseable && key != null && key.handOff == StandardHandOff.UNSTATED
                    && current.lookup(key) != binding.value && REPORTED.add(key)) {
                Log.warn("The value of " + key + " is AutoCloseable, and was handed to " + Thread.currentThread()
                        + " by reference: the task may use it after it is closed. Give the key a hand-off:"
                        + " HandOff.drop() or HandOff.perTask(...), or HandOff.inherit() if tasks are to share the"
                        + " value", null);
            }
        }
    }
}
