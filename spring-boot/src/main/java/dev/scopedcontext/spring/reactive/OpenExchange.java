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
 * <p>A server may begin an exchange on a thread that is still in the context of another one: the end of a response
 * makes it read the next request of the connection. Each scope is therefore entered in a context that does not depend
 * on the thread. That is the empty one, or the captured context of the outer filter's scope.
 */
final class OpenExchange {

    private final ContextSnapshot around;
    private final OpenScope scope;

    /** The context of the code inside, which travels with the stream. */
    private final ContextSnapshot inside;

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
        return ContextSubscription.in(op -> around.run(() -> scope.run(op)),
                stream.contextWrite(ReactorContexts.writing(inside)));
    }

    /**
     * Ends the scope. If the context around it cannot be entered any more, for example because a {@code Deadline} has
     * passed, it ends outside.
     */
    void close(@Nullable Throwable failure) {
        boolean[] entered = new boolean[1];
        try {
            around.run(() -> {
                entered[0] = true;
                scope.close(failure);
            });
        } catch (Throwable thrown) {
            Throwable first = failure == null ? thrown : failure;
            if (!entered[0]) {
                scope.close(first);
            }
            if (failure == null) {
                throw thrown;
            }
            if (first != thrown) {
                first.addSuppressed(thrown);
            }
        }
    }
}
