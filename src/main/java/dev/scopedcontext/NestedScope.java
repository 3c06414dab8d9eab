package dev.scopedcontext;

import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.ThreadOwned;
import org.jspecify.annotations.Nullable;

/** Two open scopes, one inside the other, as a single scope. */
final class NestedScope implements OpenScope, ThreadOwned {

    private final OpenScope outer;
    private final OpenScope inner;

    NestedScope(OpenScope outer, OpenScope inner) {
        this.outer = outer;
        this.inner = inner;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return outer.<R, X>call(() -> inner.<R, X>call(op));
    }

    @Override
    public void close(@Nullable Throwable failure) {
        takeOver();
        Throwable ofInner = Failures.attempt(failure, () -> Endings.reach(outer::run, failure, inner::close));
        Throwable first = Failures.attempt(ofInner, () -> outer.close(ofInner));
        if (failure == null) {
            Failures.throwIfAny(first);
        }
    }

    /** Takes over both scopes, since the end of the inner one runs in a piece of the outer one. */
    @Override
    public void takeOver() {
        ThreadOwned.takeOver(outer);
        ThreadOwned.takeOver(inner);
    }

    @Override
    public String toString() {
        return inner + " in " + outer;
    }
}
