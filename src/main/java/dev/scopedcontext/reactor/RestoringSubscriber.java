package dev.scopedcontext.reactor;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextSnapshot;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Passes signals on in a context. A stream must end with exactly one signal, also if the context refuses to be
 * entered: the refusal is then the error that it ends with.
 */
final class RestoringSubscriber<T> implements CoreSubscriber<T> {

    private final CoreSubscriber<? super T> actual;
    private final ContextSnapshot snapshot;

    /** Set before any other signal. */
    private @Nullable Subscription subscription;

    /** Signals come one after another, so this needs no more. */
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
        pass(() -> actual.onError(failure), refusal -> {
            if (refusal != failure) {
                failure.addSuppressed(refusal);
            }
            actual.onError(failure);
        }, this::drop);
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

    /** Passes a signal on, unless the context refuses, and tells if what was there before cannot be put back. */
    private void pass(Runnable signal, Consumer<Throwable> onRefusal, Consumer<Throwable> onFailure) {
        Attachment attached;
        try {
            attached = snapshot.attach();
        } catch (Throwable refusal) {
            onRefusal.accept(refusal);
            return;
        }
        boolean passed = false;
        try (attached) {
            signal.run();
            passed = true;
        } catch (Throwable failure) {
            if (!passed) {
                throw failure;
            }
            Exceptions.throwIfFatal(failure);
            onFailure.accept(failure);
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

    /** Says what comes too late for the stream to end with it. */
    private void drop(Throwable failure) {
        Operators.onErrorDropped(failure, currentContext());
    }
}
