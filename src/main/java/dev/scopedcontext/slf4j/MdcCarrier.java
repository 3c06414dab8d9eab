package dev.scopedcontext.slf4j;

import dev.scopedcontext.ThreadStateCarrier;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Takes all that is in SLF4J's mapped diagnostic context, the MDC, along when context is handed to another
 * thread:
 *
 * {@snippet class="dev.scopedcontext.slf4j.Slf4jExamplesTest" region="carrier"}
 *
 * <p>A task that is handed over sees the entries as they were when its context was captured, and no others;
 * what it changes is its own. When it ends, the entries of its thread are as they were before it. Within one
 * thread, the MDC is left alone.
 *
 * <p>Entries of {@linkplain MdcMirror mirrored} keys are shown on top of those that were captured. The stacks
 * that {@code MDC.pushByKey} makes are not taken along, since SLF4J has no way to list them.
 */
public final class MdcCarrier {

    private static final ThreadStateCarrier ALL = new ThreadStateCarrier() {
        @Override
        public Carried capture() {
            Map<String, String> captured = MDC.getCopyOfContextMap();
            return () -> {
                Map<String, String> before = MDC.getCopyOfContextMap();
                Runnable undo = () -> replace(before); // first, in case that the stack ends here
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
     * Returns the carrier of all entries, to be switched on by {@code ScopedContext.carrying}.
     *
     * @return the carrier, safe to use by any number of threads
     */
    public static ThreadStateCarrier all() {
        return ALL;
    }

    /** Sets all entries. Null, which an MDC that was never written to may give, stands for none. */
    private static void replace(@Nullable Map<String, String> entries) {
        if (entries == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(entries);
        }
    }
}
