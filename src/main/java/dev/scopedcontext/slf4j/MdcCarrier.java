package dev.scopedcontext.slf4j;

import dev.scopedcontext.ThreadStateCarrier;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Carries all entries of SLF4J's mapped diagnostic context, the MDC, when context is handed over to another thread:
 *
 * {@snippet class="dev.scopedcontext.slf4j.Slf4jExamplesTest" region="carrier"}
 *
 * <p>A task sees the entries that existed when its context was captured, and no others. Its changes are visible only in
 * the task. When the task ends, the previous entries of its thread are restored. The carrier has no effect within one
 * thread.
 *
 * <p>Entries of {@linkplain MdcMirror mirrored} keys replace captured ones of the same name. The stacks of {@code
 * MDC.pushByKey} are not carried, since SLF4J cannot list them.
 */
public final class MdcCarrier {

    private static final ThreadStateCarrier ALL = new ThreadStateCarrier() {
        @Override
        public Carried capture() {
            Map<String, String> captured = MDC.getCopyOfContextMap();
            return () -> {
                Map<String, String> before = MDC.getCopyOfContextMap();
                Runnable undo = () -> replace(before); // first, since the stack may overflow here
                replace(captured);
                return undo;
            };
        }

        @Override
        public String toString() {
            return "MdcCarrier.all()";
        }
    };

    private MdcCarrier() {
    }

    /**
     * Returns the carrier of all entries, for {@code ScopedContext.carrying}.
     *
     * @return the carrier, which is thread-safe
     */
    public static ThreadStateCarrier all() {
        return ALL;
    }

    /** Replaces all entries. Null stands for none: an MDC that was never written to may return it. */
    private static void replace(@Nullable Map<String, String> entries) {
        if (entries == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(entries);
        }
    }
}
