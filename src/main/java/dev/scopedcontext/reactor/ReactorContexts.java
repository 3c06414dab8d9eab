package dev.scopedcontext.reactor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Takes a captured context up a stream in Reactor's own {@code Context}, and puts it in place for what runs
 * below:
 *
 * {@snippet class="dev.scopedcontext.reactor.ReactorExamplesTest" region="reactor"}
 *
 * <p><b>Other threads.</b> What is written is part of the subscription, and so the same on all threads of the
 * stream. It is in place in the operators from {@link #restoring()} down to the next one that changes threads
 * ({@code publishOn}, {@code delayElements}), after which there has to be another one. To have it in place in
 * all operators, use Reactor's automatic propagation, with the {@code ScopedContextAccessor} for Micrometer;
 * that finds what is written here too.
 *
 * <p>What is returned is immutable and safe to use by any number of threads.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is.
 */
public final class ReactorContexts {

    /** The key under which the accessor for Micrometer has it too. */
    private static final String KEY = "dev.scopedcontext";

    private static final Object NOTHING = new Object();

    private ReactorContexts() {
    }

    /**
     * Returns what writes a captured context into that of Reactor, to be given to {@code contextWrite}.
     *
     * @param snapshot the context that operators above are to see
     * @return a function that adds it
     */
    public static Function<Context, Context> writing(ContextSnapshot snapshot) {
        requireNonNull(snapshot, "snapshot");
        return context -> context.put(KEY, snapshot);
    }

    /**
     * Returns the captured context that was written into that of Reactor, to run something in it by hand.
     *
     * @param context what {@code deferContextual} and the like give
     * @return the context, if one was written
     */
    public static Optional<ContextSnapshot> find(ContextView context) {
        Object value = requireNonNull(context, "context").getOrDefault(KEY, NOTHING);
        if (value instanceof ContextSnapshot snapshot) {
            return Optional.of(snapshot);
        }
        return value instanceof Supplier<?> captured && captured.get() instanceof ContextSnapshot snapshot
                ? Optional.of(snapshot)
                : Optional.empty();
    }

    /**
     * Returns an operator, to be given to {@code transform}, that passes all signals on in the context that was
     * written below it. Where none was, it does nothing.
     *
     * <p>Each signal is a task to which the context is handed over: hand-offs, mirrors and carriers take part.
     * If a hand-off refuses, or a mirror fails, the stream ends with that as its error; after its last signal,
     * and after the one that subscribes, a failure to put back goes to Reactor's {@code onErrorDropped}.
     *
     * @param <T> the type of the elements
     * @return a function from a publisher to one that does so
     */
    public static <T> Function<Publisher<T>, Publisher<T>> restoring() {
        Function<? super Publisher<T>, ? extends Publisher<T>> lift = Operators
                .lift((publisher, subscriber) -> restoring(subscriber));
        return lift::apply;
    }

    private static <T> CoreSubscriber<? super T> restoring(CoreSubscriber<? super T> actual) {
        return find(actual.currentContext())
                .<CoreSubscriber<? super T>>map(snapshot -> new RestoringSubscriber<>(actual, snapshot)).orElse(actual);
    }
}
