package dev.scopedcontext.spring.micrometer;

import dev.scopedcontext.micrometer.ScopedContextAccessor;
import io.micrometer.context.ContextRegistry;
import java.util.List;

/**
 * The accessor in a registry of Micrometer, which all applications of a process share. The first application registers
 * it, and the last one removes it. An accessor that is registered otherwise is left alone: one that the service loader
 * has found, or that an application has registered itself.
 */
final class SharedAccessor {

    private static final SharedAccessor OF_PROCESS = new SharedAccessor(ContextRegistry.getInstance());

    private final ContextRegistry registry;
    private final ScopedContextAccessor accessor = new ScopedContextAccessor();
    private int users;

    SharedAccessor(ContextRegistry registry) {
        this.registry = registry;
    }

    static SharedAccessor ofProcess() {
        return OF_PROCESS;
    }

    synchronized void acquire() {
        users++;
        if (registered().isEmpty()) {
            registry.registerThreadLocalAccessor(accessor);
        }
    }

    synchronized void release() {
        users--;
        if (users == 0 && registered().contains(accessor)) {
            registry.removeThreadLocalAccessor(accessor.key());
        }
    }

    /** Returns the accessor with the key of the library, if there is one. */
    private List<?> registered() {
        return registry.getThreadLocalAccessors().stream().filter(each -> each.key().equals(accessor.key())).toList();
    }
}
