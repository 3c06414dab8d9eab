package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** The current scope of the calling thread, kept by the backend that suits the JDK. */
final class Current {

    private static final BackendChoice CHOICE = BackendChoice.make();
    private static final Backend BACKEND = CHOICE.backend();

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
        Scope scope = BACKEND.current();
        return scope == null ? Frame.EMPTY : scope.frame;
    }

    /** Calls an operation in a scope, and then ends the scope. */
    static <R extends @Nullable Object, X extends Throwable> R call(Scope scope, CallableOp<? extends R, X> op)
            throws X {
        return BACKEND.call(scope, op);
    }

    /** Marks the scope that the calling thread is in, if a scope inside it was marked and has ended. */
    static void markAround(Scope ended) {
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
