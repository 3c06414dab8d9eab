package dev.scopedcontext.http;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;

/** One that breaks the contract of {@link ScopeOpener#open}. */
public final class OpeningNothing implements ScopeOpener {

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
