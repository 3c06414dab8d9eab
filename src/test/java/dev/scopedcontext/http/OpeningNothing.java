package dev.scopedcontext.http;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.Enterable;
import dev.scopedcontext.OpenScope;

/** One that breaks the contract of {@link Enterable#open}. */
public final class OpeningNothing implements Enterable {

    @Override
    public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return op.call();
    }

    @Override
    public OpenScope open() {
        return null;
    }

    @Override
    public String toString() {
        return "one that opens nothing";
    }
}
