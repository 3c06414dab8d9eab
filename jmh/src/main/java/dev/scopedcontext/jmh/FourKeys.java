package dev.scopedcontext.jmh;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;

/** As many keys as a service may bind for a request. */
final class FourKeys {
    static final ContextKey<Object> A = ContextKey.named("a");
    static final ContextKey<Object> B = ContextKey.named("b");
    static final ContextKey<Object> C = ContextKey.named("c");
    static final ContextKey<Object> D = ContextKey.named("d");

    private FourKeys() {
    }

    static Bindings where(Object value) {
        return ScopedContext.where(A, value).where(B, value).where(C, value).where(D, value);
    }
}
