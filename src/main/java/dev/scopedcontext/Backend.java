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

    /** Returns the cell in which the calling thread keeps its current scope, or null if it is kept elsewhere. */
    @Nullable
    Object @Nullable [] cell();

    /** Returns the {@linkplain #current current} scope, to a caller that has asked for the {@link #cell}. */
    @Nullable
    Scope around(@Nullable Object @Nullable [] cell);

    /**
     * {@linkplain Scope#run Runs} a scope as the current one, and then restores the previous one.
     *
     * @param cell the {@link #cell} of the calling thread
     */
    void run(Scope scope, @Nullable Object @Nullable [] cell);
}
