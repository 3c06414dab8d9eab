package dev.scopedcontext.opentelemetry;

import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.ContextStorageProvider;

/**
 * Keeps OpenTelemetry's current context in the context of this library, in a program that is started with
 *
 * <pre>{@code
 * -Dio.opentelemetry.context.contextStorageProvider=dev.scopedcontext.opentelemetry.ScopedContextStorageProvider
 * }</pre>
 *
 * <p>{@code Context.makeCurrent()} is then an attachment, and spans are handed over with the context of this library,
 * without a carrier. On JDK 25 and newer, subtasks that the JDK's own {@code StructuredTaskScope} forks inside a {@code
 * run} also see them. The rules for attachments then also apply to spans:
 * <ul>
 * <li>A context that is made current inside an open {@code TaskScope} does not prevent forking. Subtasks see the
 * context that was current when the task scope was opened. Hooks registered with {@code ScopedContext.onExit} since a
 * context was made current run when its scope is closed.
 * <li>A scope that is closed out of order is closed, and scopes opened after it are dropped, which is logged as a
 * warning. A scope that is still open when the {@code run} around it returns is also dropped.
 * <li>If closing is refused, for example on another thread, the scope stays open. The refusal is logged at the level
 * {@code DEBUG} and not thrown.
 * <li>A thread that the JDK forked with {@code StructuredTaskScope} inherits the context of the {@code run} around the
 * fork. It can make other contexts current, for itself only.
 * </ul>
 *
 * <p>Without the property, OpenTelemetry uses its own storage. The property requires this library on the class path. If
 * this library is on the module path, install the storage with a statement that runs before the first use of
 * OpenTelemetry:
 *
 * {@snippet class="dev.scopedcontext.opentelemetry.ScopedContextStorageTest" region="wrapper"}
 */
public final class ScopedContextStorageProvider implements ContextStorageProvider {

    /** Creates a provider, for {@code ServiceLoader}. */
    public ScopedContextStorageProvider() {
    }

    /**
     * Returns the storage of this library if the property names this class, and OpenTelemetry's own storage otherwise.
     * Without the property, OpenTelemetry also calls a provider that is the only one.
     *
     * @return the storage
     */
    @Override
    public ContextStorage get() {
        String asked = System.getProperty("io.opentelemetry.context.contextStorageProvider");
        return getClass().getName().equals(asked) ? storage() : ContextStorage.defaultStorage();
    }

    /**
     * Returns the storage that is backed by this library, for explicit installation.
     *
     * @return the storage, which is thread-safe
     */
    public static ContextStorage storage() {
        return new ScopedContextStorage();
    }
}
