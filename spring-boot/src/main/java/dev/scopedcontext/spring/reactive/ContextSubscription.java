package dev.scopedcontext.spring.reactive;

import java.util.function.Consumer;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** Subscribes to streams in a context. */
final class ContextSubscription {

    private ContextSubscription() {
    }

    /**
     * Returns a stream that is subscribed to in a context. If the context cannot be entered, the stream ends with that
     * exception.
     *
     * @param context runs an operation in the context
     * @param stream the stream
     */
    static Mono<Void> in(Consumer<Runnable> context, Mono<Void> stream) {
        return Mono.fromDirect(subscriber -> subscribe(context, stream, Operators.toCoreSubscriber(subscriber)));
    }

    private static void subscribe(Consumer<Runnable> context, Mono<Void> stream,
            CoreSubscriber<? super Void> subscriber) {
        boolean[] entered = new boolean[1];
        try {
            context.accept(() -> {
                entered[0] = true;
                stream.subscribe(subscriber);
            });
        } catch (Throwable thrown) {
            if (entered[0]) { // the stream itself ends with a signal
                Operators.onErrorDropped(thrown, subscriber.currentContext());
            } else {
                Operators.error(subscriber, Operators.onOperatorError(thrown, subscriber.currentContext()));
            }
        }
    }
}
