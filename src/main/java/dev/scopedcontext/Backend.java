package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Stores the current {@link Scope} of each thread. This is the only interface between the bindings and the JDK.
 *
 * <p>Backends make no decisions. The contents of a scope, the right to change it, and its end do not depend on them.
 */
interface Backend {

    /** Returns the innermost scope that the calling thread has entered or inherited, or null. */
    @Nullable
    Scope current();

    /** Returns the cell in which the calling thread stores its current scope, or null if it is stored elsewhere. */
    @Nullable
    Object @Nullable [] cell();

    /** Returns the {@linkplain #current current} scope, for a caller that already has the {@link #cell}. */
    @Nullable
    Scope around(@Nullable Object @Nullable [] cell);

    /**
     * {@linkplain Scope#run Runs} a scope as the current one, and then restores the previous one.
     *
     * @param cell the {@link #cell} of the calling thread
     */
    void run(Scope scope, @Nullable Object @Nullable [] cell);
}
