package dev.scopedcontext.http;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.ThreadOwned;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The scope of one exchange, which ends when the handler and all who hold it are done with it. */
final class OpenExchange {

    private static final ContextKey<OpenExchange> CURRENT = ContextKey.named("exchange");

    private final OpenScope scope;

    /** That of another filter around this one. */
    private final @Nullable OpenExchange outer;

    /** One for all scopes inside of each other, so that a hold leaves them in one step. */
    private final Object lock;

    /** How many are not done with the scope: the handler, and those who hold it. Guarded by lock. */
    private int users = 1;

    /** Ends of scopes inside whose last hold has been closed, in that order. Guarded by lock. */
    private final List<Runnable> endsInside = new ArrayList<>(0);

    /** The first failure. */
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private OpenExchange(OpenScope scope, @Nullable OpenExchange outer) {
        this.scope = scope;
        this.outer = outer;
        this.lock = outer == null ? new Object() : outer.lock;
    }

    /** Opens a scope. The context may refuse to be read, so that is done before the scope is open. */
    static OpenExchange open(Supplier<OpenScope> opener) {
        OpenExchange outer = CURRENT.orElse(null);
        return new OpenExchange(opener.get(), outer);
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
        ContextSnapshot context = ScopedContext.capture(); // which may fail, and so comes first
        synchronized (lock) {
            ensureNoneHasEnded();
            retain();
        }
        return new ExchangeHold(this, context);
    }

    private void ensureNoneHasEnded() {
        if (users == 0) {
            throw new IllegalStateException("hold() was called on " + Thread.currentThread() + " when the scope of the"
                    + " exchange had ended: call it before the handler returns, and give what it returns to whoever"
                    + " goes on with the exchange");
        }
        if (outer != null) {
            outer.ensureNoneHasEnded();
        }
    }

    private void retain() {
        users++;
        if (outer != null) {
            outer.retain();
        }
    }

    /** Notes why the exchange failed; the first failure counts. */
    private void failed(Throwable thrown) {
        failure.compareAndSet(null, thrown);
    }

    /** Notes why the exchange failed in a hold, which is a failure of the scopes around, too. */
    void failedInHold(Throwable thrown) {
        failed(thrown);
        if (outer != null) {
            outer.failedInHold(thrown);
        }
    }

    /** Ends the part of the handler, and the scope if no hold keeps it open. */
    private void release() {
        boolean last;
        synchronized (lock) {
            users--;
            last = users == 0;
        }
        if (last) {
            end(() -> Endings.reach(Runnable::run, failure.get(), scope::close));
        }
    }

    /**
     * Ends the part of a hold in this scope and those around it. If nothing else keeps the outermost one open, all
     * that are still open end.
     */
    void release(ContextSnapshot context) {
        Runnable end;
        synchronized (lock) {
            end = leave(context);
        }
        if (end != null) {
            end.run();
        }
    }

    /** Returns the end of the outermost scope if this hold is the last. The ends of others are left to that around. */
    private @Nullable Runnable leave(ContextSnapshot context) {
        users--;
        Runnable end = users > 0 ? null : () -> end(() -> endIn(context));
        if (outer == null) {
            return end;
        }
        if (end != null) {
            outer.endsInside.add(end);
        }
        return outer.leave(context);
    }

    private void endIn(ContextSnapshot context) {
        Endings.reach(context::run, failure.get(), soFar -> Endings.reach(this::runInOuter, soFar, scope::close));
    }

    /** Ends this scope after those inside that were left to it. */
    private void end(Runnable own) {
        Throwable before = failure.get();
        Throwable first = before;
        for (Runnable inside : endsInside) { // to which nobody adds, now that this scope has no users
            first = Failures.attempt(first, inside::run);
            if (first != null) {
                failed(first);
            }
        }
        first = Failures.attempt(first, own::run);
        if (before == null) {
            Failures.throwIfAny(first);
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
     * Ends an inner scope inside this one. If this scope ends next, the calling thread takes it over. Otherwise the
     * caller is the handler of this scope or of an inner one.
     */
    private void runAtEnd(Runnable end) {
        runInOuter(() -> {
            if (hasNoUsers()) {
                ThreadOwned.takeOver(scope);
            }
            scope.run(end);
        });
    }

    private boolean hasNoUsers() {
        synchronized (lock) {
            return users == 0;
        }
    }
}
