package dev.scopedcontext.spring.reactive;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Ends the scope of an exchange with the first of the completion, the error and the cancellation of its stream. */
final class ExchangeSubscriber implements CoreSubscriber<Void>, Subscription {

    private final CoreSubscriber<? super Void> actual;
    private final OpenExchange open;

    /** Returns the failure of an exchange whose stream has completed, or null. */
    private final Supplier<@Nullable Throwable> handled;

    /** Called when the exchange ends. */
    private final Consumer<ExchangeSubscriber> onEnd;

    private final AtomicBoolean ended = new AtomicBoolean();

    /** Set before any other signal. */
    private volatile Subscription upstream = Operators.emptySubscription();

    ExchangeSubscriber(CoreSubscriber<? super Void> actual, OpenExchange open,
            Supplier<@Nullable Throwable> handled, Consumer<ExchangeSubscriber> onEnd) {
        this.actual = actual;
        this.open = open;
        this.handled = handled;
        this.onEnd = onEnd;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        upstream = subscription;
        actual.onSubscribe(this);
    }

    @Override
    public void onNext(Void nothing) {
        // There are no elements.
    }

    @Override
    public void onComplete() {
        if (endsNow()) {
            open.end(this::complete);
        }
    }

    private void complete() {
        try {
            open.close(handled.get());
        } catch (Throwable thrown) {
            actual.onError(Operators.onOperatorError(thrown, currentContext()));
            return;
        }
        actual.onComplete();
    }

    @Override
    public void onError(Throwable failure) {
        if (endsNow()) {
            open.end(() -> {
                open.close(failure);
                actual.onError(failure);
            });
        } else {
            Operators.onErrorDropped(failure, currentContext());
        }
    }

    @Override
    public void request(long count) {
        upstream.request(count);
    }

    @Override
    public void cancel() {
        cancel("The exchange was cancelled before it was complete, for example because the client has closed the"
                + " connection");
    }

    /** Cancels the stream if it has not ended, since the server has stopped. */
    void abort() {
        cancel("The application was stopped before the exchange was complete");
    }

    private void cancel(String reason) {
        if (endsNow()) {
            upstream.cancel();
            open.end(() -> open.close(new CancellationException(reason)));
        }
    }

    private boolean endsNow() {
        boolean first = ended.compareAndSet(false, true);
        if (first) {
            onEnd.accept(this);
        }
        return first;
    }
}
