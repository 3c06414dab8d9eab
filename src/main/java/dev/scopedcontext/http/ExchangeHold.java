package dev.scopedcontext.http;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextSnapshot;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the scope of an exchange open when its handler has returned: got from {@link ExchangeFilter#hold()},
 * passed to whatever goes on with the exchange, and closed by that. When the handler has returned and all holds
 * are closed, the scope ends, on the thread that was last.
 *
 * {@snippet class="dev.scopedcontext.http.HttpExamplesTest" region="hold"}
 *
 * <p>A hold that is never closed keeps the resources of sessions open, and nothing in any thread.
 *
 * <p>Safe to use by any number of threads. <b>Null</b> arguments are a {@code NullPointerException} that names
 * the argument.
 */
public final class ExchangeHold implements AutoCloseable {

    private final OpenExchange exchange;
    private final ContextSnapshot context;
    private final AtomicBoolean closed = new AtomicBoolean();

    ExchangeHold(OpenExchange exchange, ContextSnapshot context) {
        this.exchange = exchange;
        this.context = context;
    }

    /**
     * Runs an operation in the context in which the scope was held, as captured then. Values set in locals are
     * copied.
     *
     * @param op the operation; what it throws is a failure of the exchange, and thrown on unchanged
     */
    public void run(Runnable op) {
        requireNonNull(op, "op");
        this.<@Nullable Void, RuntimeException>call(() -> {
            op.run();
            return null;
        });
    }

    /**
     * Calls an operation in the context in which the scope was held, as captured then. Values set in locals are
     * copied.
     *
     * @param op the operation; what it throws is a failure of the exchange
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation does; it is thrown on unchanged
     */
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        try {
            return context.call(op);
        } catch (Throwable thrown) {
            exchange.failedInHold(thrown);
            throw thrown;
        }
    }

    /**
     * Lets go of the scope. If the handler has returned and nobody else holds it, it ends here, on the calling
     * thread: its hooks get the first failure of the handler or of what was run in a hold, and what they throw
     * is suppressed into that, or thrown from here if there was none. Closing again does nothing.
     *
     * <p>If the last hold of an inner filter's scope is closed while the scope of an outer filter is still in use,
     * the inner scope ends later: with the outer one, immediately before it. Its hooks then use the resources per
     * task that the handler's thread opened in the outer scope.
     *
     * <p>The scope ends in the context in which it was held. If that context cannot be entered, such as when a
     * {@code Deadline} has passed, the scope ends outside of it, and the failure to enter it is a failure of the
     * exchange.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            exchange.release(context);
        }
    }
}
