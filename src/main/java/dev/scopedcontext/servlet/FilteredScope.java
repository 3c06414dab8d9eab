package dev.scopedcontext.servlet;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one filter has put around one request. */
final class FilteredScope {

    final RequestFilter filter;

    private final OpenScope scope;

    /** The first failure inside of this filter, be it of the chain or of what came asynchronously. */
    private volatile @Nullable Throwable failure;

    FilteredScope(RequestFilter filter, OpenScope scope) {
        this.filter = filter;
        this.scope = scope;
    }

    /** Tells whether the caller is in this scope, be it on another thread that context was handed to. */
    boolean isEntered() {
        return filter.current.orElse(null) == this;
    }

    /** Calls something that is no part of the work: its failure is none of the request. */
    private <R extends @Nullable Object, X extends Throwable> R enter(CallableOp<? extends R, X> op) throws X {
        return scope.<R, X>call(() -> ScopedContext.where(filter.current, this).<R, X>call(op));
    }

    /** Calls a piece of the work for the request. */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> piece) throws X {
        try {
            return this.<R, X>enter(piece);
        } catch (Throwable thrown) {
            failed(thrown);
            throw thrown;
        }
    }

    void failed(Throwable thrown) {
        failure = failure == null ? thrown : failure;
    }

    /** Notes that what is around this has failed. */
    void failedIn(FilteredScope around) {
        Throwable thrown = around.failure;
        if (thrown != null) {
            failed(thrown);
        }
    }

    void end() {
        scope.close(failure);
    }

    /** Calls something that is no part of the work in several scopes, each inside of those before it. */
    static <R extends @Nullable Object, X extends Throwable> R callIn(List<FilteredScope> scopes,
            CallableOp<? extends R, X> op) throws X {
        if (scopes.isEmpty()) {
            return op.call();
        }
        return scopes.get(0).<R, X>enter(() -> FilteredScope.<R, X>callIn(tail(scopes), op));
    }

    /** Ends several scopes, each inside of those before it. */
    static void endAll(List<FilteredScope> scopes) {
        if (scopes.isEmpty()) {
            return;
        }
        FilteredScope first = scopes.get(0);
        try {
            if (scopes.size() > 1) {
                first.<@Nullable Void, RuntimeException>call(() -> {
                    endAll(tail(scopes));
                    return null;
                });
            }
        } finally {
            first.end();
        }
    }

    private static List<FilteredScope> tail(List<FilteredScope> scopes) {
        return scopes.subList(1, scopes.size());
    }
}
