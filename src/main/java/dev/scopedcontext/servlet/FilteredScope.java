package dev.scopedcontext.servlet;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.ThreadOwned;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What one filter has put around one request. */
final class FilteredScope {

    final RequestFilter filter;

    private final OpenScope scope;

    /** The first failure inside of this filter, be it of the chain or of what came asynchronously. */
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

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
        failure.compareAndSet(null, thrown);
    }

    /** Notes that what is around this has failed. */
    void failedIn(FilteredScope around) {
        Throwable thrown = around.failure.get();
        if (thrown != null) {
            failed(thrown);
        }
    }

    /**
     * Runs something that is no part of the work in several scopes, each inside of those before it. It runs outside of
     * those that cannot be entered, which have failed then.
     */
    static void runIn(List<FilteredScope> scopes, Runnable op) {
        if (scopes.isEmpty()) {
            op.run();
        } else {
            scopes.get(0).reach(tail(scopes), () -> runIn(tail(scopes), op));
        }
    }

    /** Ends several scopes, each inside of those before it. */
    static void endAll(List<FilteredScope> scopes) {
        scopes.forEach(ending -> ThreadOwned.takeOver(ending.scope));
        endInOrder(scopes);
    }

    private static void endInOrder(List<FilteredScope> scopes) {
        if (!scopes.isEmpty()) {
            scopes.get(0).end(tail(scopes));
        }
    }

    /** Ends this scope after those inside of it. */
    private void end(List<FilteredScope> inside) {
        Throwable first = inside.isEmpty()
                ? null
                : Failures.attempt(null, () -> reach(inside, () -> endInOrder(inside)));
        if (first != null) {
            failed(first);
        }
        Failures.throwIfAny(Failures.attempt(first, () -> scope.close(failure.get())));
    }

    /** Runs something inside, or outside if this cannot be entered, which counts as a failure of all inside of it. */
    private void reach(List<FilteredScope> inside, Runnable op) {
        Endings.reach(entered -> this.<@Nullable Void, RuntimeException>enter(() -> {
            entered.run();
            return null;
        }), refusal -> {
            if (refusal != null) {
                failed(refusal);
                inside.forEach(scope -> scope.failed(refusal));
            }
            op.run();
        });
    }

    private static List<FilteredScope> tail(List<FilteredScope> scopes) {
        return scopes.subList(1, scopes.size());
    }
}
