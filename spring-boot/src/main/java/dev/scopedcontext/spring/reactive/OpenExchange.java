package dev.scopedcontext.spring.reactive;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.reactor.ReactorContexts;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The scope that a filter has opened for an exchange.
 *
 * <p>An exchange may begin on a thread that is in some context, such as that of a signal of another exchange or that of
 * a test. The scope is therefore entered in a context that does not depend on the thread. That is the empty one, or the
 * captured context of the outer filter's scope.
 */
final class OpenExchange {

    private final ContextSnapshot around;
    private final OpenScope scope;

    /** The context of the code inside, which travels with the stream. */
    private final ContextSnapshot inside;

    /** The thread that subscribes to the stream in the scope. */
    private volatile @Nullable Thread subscribing;

    /** Ends the exchange when the subscribing code has returned. Used by the subscribing thread only. */
    private @Nullable Runnable ending;

    private OpenExchange(ContextSnapshot around, OpenScope scope) {
        this.around = around;
        this.scope = scope;
        this.inside = scope.call(ScopedContext::capture);
    }

    /**
     * Opens a scope.
     *
     * @param around the context to enter it in
     * @param opener returns the scope; called in that context
     */
    static OpenExchange open(ContextSnapshot around, Supplier<ScopeOpener> opener) {
        OpenScope[] opened = new OpenScope[1];
        try {
            return around.call(() -> {
                ScopeOpener scope = opener.get();
                opened[0] = OpenScope.sharing(requireNonNull(scope.open(), () -> scope + ".open() returned null"));
                return new OpenExchange(around, opened[0]);
            });
        } catch (Throwable refused) {
            if (opened[0] != null) {
                opened[0].close(refused);
            }
            throw refused;
        }
    }

    ContextSnapshot inside() {
        return inside;
    }

    /** Returns a stream that is subscribed to in this scope, and whose operators find the context. */
    Mono<Void> run(Mono<Void> stream) {
        return ContextSubscription.in(this::subscribe, stream.contextWrite(ReactorContexts.writing(inside)));
    }

    private void subscribe(Runnable op) {
        subscribing = Thread.currentThread();
        try {
            around.run(() -> scope.run(op));
        } finally {
            subscribing = null;
            endIfComplete();
        }
    }

    private void endIfComplete() {
        Runnable complete = ending;
        if (complete != null) {
            ending = null;
            complete.run();
        }
    }

    /**
     * Runs an operation that ends this exchange. If the stream ends while this thread subscribes to it, the operation
     * runs when the subscribing code has returned. The scope then has its marks, and the thread has left all contexts
     * that this code has entered, such as those of other exchanges.
     *
     * @param end throws nothing
     */
    void end(Runnable end) {
        if (subscribing == Thread.currentThread()) {
            ending = end;
        } else {
            end.run();
        }
    }

    /** Ends the scope. Throws nothing if there is a failure, into which other exceptions are suppressed. */
    void close(@Nullable Throwable failure) {
        try {
            closeAround(failure);
        } catch (Throwable thrown) {
            if (failure == null) {
                throw thrown;
            }
            if (failure != thrown) {
                failure.addSuppressed(thrown);
            }
        }
    }

    /**
     * Ends the scope in the context around it. If that cannot be entered any more, for example because a {@code
     * Deadline} has passed, the scope ends outside.
     */
    private void closeAround(@Nullable Throwable failure) {
        boolean[] entered = new boolean[1];
        try {
            around.run(() -> {
                entered[0] = true;
                scope.close(failure);
            });
        } catch (Throwable thrown) {
            if (!entered[0]) {
                scope.close(failure == null ? thrown : failure);
            }
            throw thrown;
        }
    }
}
