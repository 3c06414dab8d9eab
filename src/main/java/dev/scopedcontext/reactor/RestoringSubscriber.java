package dev.scopedcontext.reactor;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.internal.Failures;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Passes signals in a context. A stream must end with exactly one signal. If the context cannot be entered, the stream
 * ends with that exception as its error.
 */
final class RestoringSubscriber<T> implements CoreSubscriber<T> {

    private final CoreSubscriber<? super T> actual;
    private final ContextSnapshot snapshot;

    /** Set before any other signal. */
    private @Nullable Subscription subscription;

    /** Signals are sequential, so this field needs no synchronization. */
    private boolean ended;

    RestoringSubscriber(CoreSubscriber<? super T> actual, ContextSnapshot snapshot) {
        this.actual = actual;
        this.snapshot = snapshot;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription upstream) {
        subscription = upstream;
        pass(() -> actual.onSubscribe(upstream), refusal -> {
            ended = true;
            Operators.error(actual, Operators.onOperatorError(upstream, refusal, currentContext()));
        }, this::drop);
    }

    @Override
    public void onNext(T element) {
        if (ended) {
            Operators.onNextDropped(element, currentContext());
            return;
        }
        Consumer<Throwable> end = failure -> end(failure, element);
        pass(() -> actual.onNext(element), end, end);
    }

    @Override
    public void onError(Throwable failure) {
        if (ended) {
            drop(failure);
            return;
        }
        ended = true;
        pass(() -> actual.onError(failure), refusal -> actual.onError(Failures.add(failure, refusal)), this::drop);
    }

    @Override
    public void onComplete() {
        if (ended) {
            return;
        }
        ended = true;
        pass(actual::onComplete, refusal -> actual.onError(Operators.onOperatorError(refusal, currentContext())),
                this::drop);
    }

    /** Passes a signal unless the context cannot be entered, and reports a failure to restore the previous context. */
    private void pass(Runnable signal, Consumer<Throwable> onRefusal, Consumer<Throwable> onFailure) {
        Attachment attached;
        try {
            attached = snapshot.attach();
        } catch (Throwable refusal) {
            onRefusal.accept(refusal);
            return;
        }
        Throwable ofSignal = Failures.attempt(null, signal::run);
        Throwable first = Failures.attempt(ofSignal, attached);
        Failures.throwIfAny(ofSignal);
        if (first != null) {
            Exceptions.throwIfFatal(first);
            onFailure.accept(first);
        }
    }

    private void end(Throwable failure, T element) {
        if (ended) {
            drop(failure);
            return;
        }
        ended = true;
        actual.onError(Operators.onOperatorError(subscription, failure, element, currentContext()));
    }

    /** Reports a failure that occurs too late to end the stream. */
    private void drop(Throwable failure) {
        Operators.onErrorDropped(failure, currentContext());
    }
}
