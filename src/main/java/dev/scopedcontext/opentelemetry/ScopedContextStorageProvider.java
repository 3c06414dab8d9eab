package dev.scopedcontext.opentelemetry;

import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.ContextStorageProvider;

/**
 * Keeps OpenTelemetry's current context in ours, in a program that is started with
 *
 * <pre>{@code
 * -Dio.opentelemetry.context.contextStorageProvider=dev.scopedcontext.opentelemetry.ScopedContextStorageProvider
 * }</pre>
 *
 * <p>{@code Context.makeCurrent()} is then an attachment of ours, and spans travel wherever our context does,
 * with no carrier: with every hand-off, and on JDK 25 and newer into subtasks that the JDK's own {@code
 * StructuredTaskScope} forks inside a {@code run}. The rules for
 * attachments then apply to spans as well:
 * <ul>
 * <li>A context that is made current inside an open {@code TaskScope} does not forbid forking. Subtasks see the
 * context that was current when the task scope was opened. Hooks registered with {@code ScopedContext.onExit} since a
 * context was made current run when its scope is closed.
 * <li>A scope that is closed out of order is closed, and scopes opened after it are dropped, which is logged as a
 * warning. A scope that is still open when the {@code run} around it returns is dropped too.
 * <li>If closing is refused, for example on another thread, the scope stays open. The refusal is logged at the level
 * {@code DEBUG} and not thrown.
 * <li>A thread that the JDK forked with {@code StructuredTaskScope} inherits the context of the {@code run} around the
 * fork. It can make other contexts current, for itself only.
 * </ul>
 *
 * <p>Without the property OpenTelemetry keeps its context as it does without this library. The property works
 * where this library is on the class path. As a module it is switched on by a statement that runs before
 * OpenTelemetry is used first:
 *
 * {@snippet class="dev.scopedcontext.opentelemetry.ScopedContextStorageTest" region="wrapper"}
 */
public final class ScopedContextStorageProvider implements ContextStorageProvider {

    /** Creates a provider, for {@code ServiceLoader}. */
    public ScopedContextStorageProvider() {
    }

    /**
     * Returns the storage that is backed by our context if the property asks for it, and otherwise
     * OpenTelemetry's own: it takes the only provider there is also without having been asked to.
     *
     * @return the storage
     */
    @Override
    public ContextStorage get() {
        String asked = System.getProperty("io.opentelemetry.context.contextStorageProvider");
        return getClass().getName().equals(asked) ? storage() : ContextStorage.defaultStorage();
    }

    /**
     * Returns the storage that is backed by our context, for those who install it themselves.
     *
     * @return the storage, safe to use by any number of threads
     */
    public static ContextStorage storage() {
        return new ScopedContextStorage();
    }
}
