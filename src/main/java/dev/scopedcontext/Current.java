package dev.scopedcontext;

import dev.scopedcontext.internal.StrictMode;
import org.jspecify.annotations.Nullable;

/** Gives access to the current scope of the calling thread, which the chosen backend stores. */
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

    /** Returns the innermost scope that the calling thread has entered or inherited, or null. */
    static @Nullable Scope scope() {
        return BACKEND.current();
    }

    /** Returns the bindings that the calling thread sees. */
    static Frame frame() {
        return frameOf(BACKEND.current());
    }

    /** Returns the bindings that the calling thread sees, for a caller that already has the cell. */
    static Frame frame(@Nullable Object @Nullable [] cell) {
        return frameOf(BACKEND.around(cell));
    }

    private static Frame frameOf(@Nullable Scope scope) {
        return scope == null ? Frame.EMPTY : scope.frame;
    }

    /** Marks the current scope as failed if an inner scope, which has ended, was marked. */
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
