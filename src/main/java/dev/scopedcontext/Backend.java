package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * The seam between the library and the JDK: where the current {@link Scope} of a thread is kept.
 *
 * <p>Two operations, no policy. What a scope holds, who may change it and what happens when it ends is
 * written once, above this line.
 */
interface Backend {

    /** Returns the innermost scope that the calling thread is in, or inherited. */
    @Nullable
    Scope current();

    /** Calls {@code op} {@linkplain Scope#call inside} {@code scope}, and puts back what was current before. */
    <R extends @Nullable Object, X extends Throwable> R call(Scope scope, CallableOp<? extends R, X> op) throws X;
}
