package dev.scopedcontext.internal;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import org.jspecify.annotations.Nullable;

/** A holder of a scope, for code of this library that opens scopes on behalf of an application. */
public interface HeldScope extends OpenScope, ThreadOwned {

    /**
     * Returns a holder of a scope that an application has opened. Only the caller can close this holder. The
     * application may close its own holder early; the scope stays open until the caller ends it.
     *
     * @param opened the scope that the application has opened; closing the returned holder also closes this one
     * @return another holder of that scope
     */
    static HeldScope own(OpenScope opened) {
        return ((HeldScope) OpenScope.sharing(opened)).own();
    }

    /** Returns a holder that closes this one just before it is closed itself. */
    HeldScope own();

    @Override
    HeldScope hold();

    /**
     * Calls work that belongs to the scope but runs outside of it. If the work returns, a failure that it was marked
     * with counts as a failure of the scope, as for a piece of the scope.
     *
     * @param op the work
     * @param <R> the type of the result
     * @param <X> the type of exception that the work throws
     * @return the result of the work
     * @throws X if the work does; it propagates unchanged
     */
    <R extends @Nullable Object, X extends Throwable> R callMarked(CallableOp<? extends R, X> op) throws X;

    /** Records the failures with which the piece that the calling thread runs has been marked so far. */
    void noteMarks();
}
