package dev.scopedcontext.http;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.HeldScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The scope of one exchange, which a filter opened. The handler and all holders share it by {@link OpenScope#sharing},
 * and the last holder ends it.
 *
 * <p>If filters are nested, a scope whose last holder is not closed by the handler ends together with the outer scope,
 * immediately before it.
 *
 * <p>The reasons are in {@code docs/decisions/0014-scopes-of-requests.md}.
 */
final class OpenExchange implements OpenScope {

    private static final ContextKey<OpenExchange> CURRENT = ContextKey.<OpenExchange>builder("exchange")
            .handOff(HandOff.inherit()).build();

    private final HeldScope scope;

    /** The exchange of the outer filter, or null. */
    private final @Nullable OpenExchange outer;

    /** The open holders; any of them can add another one. Guarded by this. */
    private final Set<HeldScope> holders = new HashSet<>();

    /** The ends of inner scopes whose holders have all been closed, in that order. Guarded by this until the end. */
    private final List<Runnable> endsInside = new ArrayList<>(0);

    /** The context of the last holder; null if that is the handler, which runs in its context. Set before the end. */
    private @Nullable ContextSnapshot contextOfEnd;

    private OpenExchange(OpenScope scope, @Nullable OpenExchange outer) {
        this.scope = HeldScope.own(scope);
        this.outer = outer;
    }

    /** Opens a scope and calls the handler in it. */
    static <X extends Throwable> void handle(Supplier<OpenScope> opener, CallableOp<@Nullable Void, X> handler)
            throws X {
        OpenExchange outer = CURRENT.orElse(null); // first, since reading it may fail
        OpenExchange exchange = new OpenExchange(opener.get(), outer);
        HeldScope holder = exchange.share();
        try {
            holder.<@Nullable Void, X>call(handler);
        } catch (Throwable thrown) {
            Failures.attempt(thrown, () -> exchange.release(holder, null, thrown));
            throw thrown;
        }
        exchange.release(holder, null, null);
    }

    private synchronized HeldScope share() {
        HeldScope first = HeldScope.own(this);
        holders.add(first);
        return first;
    }

    static OpenScope holdCurrent() {
        OpenExchange current = CURRENT.orElse(null);
        if (current == null) {
            throw new IllegalStateException("hold() was called on " + Thread.currentThread() + " outside of any scope"
                    + " of an exchange: call it in a handler behind an ExchangeFilter, or in a task that the handler"
                    + " has handed its context to");
        }
        return current.hold(ScopedContext.capture());
    }

    /** Adds a holder to this scope and to all outer ones. */
    ExchangeHolder hold(ContextSnapshot context) {
        ExchangeHolder around = outer == null ? null : outer.hold(context);
        try {
            return new ExchangeHolder(this, addHolder(), around, context);
        } catch (Throwable refused) {
            if (around != null) {
                Failures.attempt(refused, around);
            }
            throw refused;
        }
    }

    private synchronized HeldScope addHolder() {
        if (holders.isEmpty()) {
            throw new IllegalStateException("hold() was called on " + Thread.currentThread() + " when the scope of the"
                    + " exchange had ended: call it before the handler returns, and pass the result to the code that"
                    + " continues the exchange");
        }
        HeldScope added = holders.iterator().next().hold();
        holders.add(added);
        return added;
    }

    /** Records a failure for the hooks at the end, which get the first one. */
    synchronized void failed(Throwable failure) {
        if (!holders.isEmpty()) {
            holders.iterator().next().hold().close(failure);
        }
    }

    /**
     * Closes a holder. The last one ends the scope.
     *
     * @param context the context to end the scope in, or null if the calling thread is in it
     */
    void release(HeldScope holder, @Nullable ContextSnapshot context, @Nullable Throwable failure) {
        synchronized (this) {
            holders.remove(holder);
            if (!holders.isEmpty()) {
                holder.close(failure);
                return;
            }
        }
        contextOfEnd = context;
        if (context == null || outer == null) {
            holder.close(failure);
        } else {
            outer.endInside(() -> holder.close(failure));
        }
    }

    private synchronized void endInside(Runnable end) {
        endsInside.add(end);
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return scope.<R, X>call(() -> ScopedContext.where(CURRENT, this).<R, X>call(op));
    }

    /** Ends this scope, after the inner scopes that were left to it. */
    @Override
    public void close(@Nullable Throwable failure) {
        Throwable ofInside = failure;
        for (Runnable end : endsInside) { // no more are added, since there are no holders
            ofInside = Failures.attempt(ofInside, end::run);
        }
        Throwable soFar = ofInside;
        Throwable first = Failures.attempt(soFar, () -> end(soFar));
        if (failure == null) {
            Failures.throwIfAny(first);
        }
    }

    private void end(@Nullable Throwable failure) {
        if (contextOfEnd == null) {
            scope.close(failure);
        } else {
            Endings.reach(contextOfEnd::run, failure, soFar -> Endings.reach(this::runInOuter, soFar, scope::close));
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
            if (hasNoHolders()) {
                scope.takeOver();
            }
            scope.run(end);
        });
    }

    private synchronized boolean hasNoHolders() {
        return holders.isEmpty();
    }

    @Override
    public String toString() {
        return scope.toString();
    }
}
