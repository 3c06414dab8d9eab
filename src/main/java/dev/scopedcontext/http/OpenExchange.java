package dev.scopedcontext.http;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.ThreadOwned;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The scope of one exchange, which ends when the handler and all who hold it are done with it. */
final class OpenExchange {

    private static final ContextKey<OpenExchange> CURRENT = ContextKey.named("exchange");

    private final OpenScope scope;

    /** That of another filter around this one. */
    private final @Nullable OpenExchange outer = CURRENT.orElse(null);

    /** How many are not done with the scope: the handler, and those who hold it. Guarded by this. */
    private int users = 1;

    /** The first failure. */
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

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
        return hold(ScopedContext.capture()); // which may fail, and so comes first
    }

    private ExchangeHold hold(ContextSnapshot context) {
        ExchangeHold around = outer == null ? null : outer.hold(context);
        ExchangeHold hold = new ExchangeHold(this, around, context);
        try {
            retain();
        } catch (IllegalStateException ended) {
            if (around != null) {
                Failures.attempt(ended, around);
            }
            throw ended;
        }
        return hold;
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
    void failed(Throwable thrown) {
        failure.compareAndSet(null, thrown);
    }

    /** Ends the part of the handler, and the scope if no hold keeps it open. */
    private void release() {
        if (isLast()) {
            Endings.reach(Runnable::run, failure.get(), scope::close);
        }
    }

    /** Ends the part of a hold, and the scope, in the context of the hold, if nothing else keeps it open. */
    void release(ContextSnapshot context) {
        if (isLast()) {
            Endings.reach(context::run, failure.get(),
                    soFar -> Endings.reach(this::runInOuter, soFar, scope::close));
        }
    }

    private void runInOuter(Runnable end) {
        if (outer == null) {
            end.run();
        } else {
            outer.runAtEnd(end);
        }
    }

    /**
     * Runs the end of what is inside of this scope. If only the hold that ends is left, this scope ends next: then the
     * calling thread takes it over, and the end runs in it.
     */
    private void runAtEnd(Runnable end) {
        runInOuter(!isKeptByOne() ? end : () -> {
            ThreadOwned.takeOver(scope);
            scope.run(end);
        });
    }

    private synchronized boolean isLast() {
        users--;
        return users == 0;
    }

    private synchronized boolean isKeptByOne() {
        return users == 1;
    }
}
