package dev.scopedcontext.http;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import org.jspecify.annotations.Nullable;

/** The scope of one exchange, which ends when the handler and all who hold it are done with it. */
final class OpenExchange {

    private static final ContextKey<OpenExchange> CURRENT = ContextKey.named("exchange");

    private final OpenScope scope;

    /** That of another filter around this one. */
    private final @Nullable OpenExchange outer = CURRENT.orElse(null);

    /** How many are not done with the scope: the handler, and those who hold it. Guarded by this. */
    private int users = 1;

    /** Guarded by this. */
    private @Nullable Throwable failure;

    OpenExchange(OpenScope scope) {
        this.scope = scope;
    }

    static OpenExchange current() {
        OpenExchange current = CURRENT.orElse(null);
        if (current == null) {
            throw new IllegalStateException("hold() was called on " + Thread.currentThread() + " outside of any scope"
                    + " of an exchange: call it in a handler behind an ExchangeFilter, or in a task that the handler"
                    + " has handed its context to");
        }
        return current;
    }

    /** Calls the handler. */
    <X extends Throwable> void handle(CallableOp<@Nullable Void, X> handler) throws X {
        try {
            scope.<@Nullable Void, X>call(() -> ScopedContext.where(CURRENT, this).<@Nullable Void, X>call(handler));
        } catch (Throwable thrown) {
            failed(thrown);
            throw thrown;
        } finally {
            release();
        }
    }

    ExchangeHold hold() {
        ExchangeHold around = outer == null ? null : outer.hold();
        try {
            retain();
        } catch (IllegalStateException ended) {
            try (around) {
                throw ended;
            }
        }
        return new ExchangeHold(this, around);
    }

    private synchronized void retain() {
        if (users == 0) {
            throw new IllegalStateException("hold() was called on " + Thread.currentThread() + " when the scope of the"
                    + " exchange had ended: call it before the handler returns, and give what it returns to whoever"
                    + " goes on with the exchange");
        }
        users++;
    }

    /** Notes why the exchange failed; the first failure counts. */
    synchronized void failed(Throwable thrown) {
        failure = failure == null ? thrown : failure;
    }

    /** Lets go of the scope, and ends it if nobody else uses it. */
    void release() {
        if (isLast()) {
            scope.close(failure());
        }
    }

    private synchronized boolean isLast() {
        users--;
        return users == 0;
    }

    private synchronized @Nullable Throwable failure() {
        return failure;
    }
}
