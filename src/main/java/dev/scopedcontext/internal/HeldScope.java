package dev.scopedcontext.internal;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import org.jspecify.annotations.Nullable;

/** A holder of a scope, for code of this library that opens scopes on behalf of an application. */
public interface HeldScope extends OpenScope, ThreadOwned {

    /**
     * Returns a holder that only the caller can close, of a scope that an application has opened. The application may
     * have kept the holder that it returned, and may close it early: the scope stays open until the caller ends it.
     *
     * @param opened the scope that the application has opened; closing the returned holder closes it, too
     * @return another holder of that scope
     */
    static HeldScope own(OpenScope opened) {
        return ((HeldScope) OpenScope.sharing(opened)).own();
    }

    /** Returns a holder that closes this one, too, just before it is closed. */
    HeldScope own();

    @Override
    HeldScope hold();

    /**
     * Calls work for the scope that runs outside of it. If the work returns, a failure that it was marked with is one
     * of the scope, as that of a piece is.
     *
     * @param op the work
     * @param <R> the type of the result
     * @param <X> the type of exception that the work throws
     * @return the result of the work
     * @throws X if the work does; it propagates unchanged
     */
    <R extends @Nullable Object, X extends Throwable> R callMarked(CallableOp<? extends R, X> op) throws X;

    /** Keeps the failures that the calling thread, in a piece of the scope, has been marked with so far. */
    void noteMarks();
}
