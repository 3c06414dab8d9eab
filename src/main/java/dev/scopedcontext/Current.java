package dev.scopedcontext;

import dev.scopedcontext.internal.StrictMode;
import org.jspecify.annotations.Nullable;

/** The current scope of the calling thread, kept by the backend that suits the JDK. */
final class Current {

    /** Whether strict mode is on. Here, since asking {@link StrictMode} would load more classes. */
    static final boolean STRICT = Boolean.getBoolean(StrictMode.PROPERTY);

    private static final BackendChoice CHOICE = BackendChoice.make();
    static final Backend BACKEND = STRICT ? new RecordingBackend(CHOICE.backend()) : CHOICE.backend();

    static {
        CHOICE.warnIfNotAsExpected();
    }

    private Current() {
    }

    /** Returns the innermost scope that the calling thread is in, or inherited. */
    static @Nullable Scope scope() {
        return BACKEND.current();
    }

    /** Returns the bindings that the calling thread sees. */
    static Frame frame() {
        return frameOf(BACKEND.current());
    }

    /** Returns the bindings that the calling thread sees, to a caller that has asked for its cell. */
    static Frame frame(@Nullable Object @Nullable [] cell) {
        return frameOf(BACKEND.around(cell));
    }

    private static Frame frameOf(@Nullable Scope scope) {
        return scope == null ? Frame.EMPTY : scope.frame;
    }

    /** Marks the scope that the calling thread is in, if a scope inside it was marked and has ended. */
    static void markAround(Scope ended) {
        if (ended.pending == null) {
            return;
        }
        Throwable failure = ended.marked();
        Scope around = scope();
        if (failure != null && around != null && around.isOwned()) {
            around.mark(failure);
        }
    }

    static BackendReport backend() {
        return CHOICE.report();
    }
}
