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
 * Passes a captured context up a stream in Reactor's own {@code Context}, and makes it current in operators of the
 * stream:
 *
 * {@snippet class="dev.scopedcontext.reactor.ReactorExamplesTest" region="reactor"}
 *
 * <p><b>Other threads.</b> The written context is part of the subscription, and therefore the same on all threads of
 * the stream. It is current in the operators from {@link #restoring()} down to the next one that changes threads, such
 * as {@code publishOn} or {@code delayElements}. Add another {@code restoring()} after such an operator. To make the
 * context current in all operators, use Reactor's automatic propagation with the {@code ScopedContextAccessor} for
 * Micrometer, which also finds a context written by this class.
 *
 * <p>The returned functions are immutable and thread-safe. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter.
 */
public final class ReactorContexts {

    /** The key that the accessor for Micrometer also uses. */
    private static final String KEY = "dev.scopedcontext";

    private static final Object NOTHING = new Object();

    private ReactorContexts() {
    }

    /**
     * Returns a function for {@code contextWrite} that writes a captured context into the context of Reactor.
     *
     * @param snapshot the context for the operators above
     * @return a function that adds it
     */
    public static Function<Context, Context> writing(ContextSnapshot snapshot) {
        requireNonNull(snapshot, "snapshot");
        return context -> context.put(KEY, snapshot);
    }

    /**
     * Returns the captured context that was written into the context of Reactor, to run code in it explicitly.
     *
     * @param context the context of Reactor, for example from {@code deferContextual}
     * @return the captured context, if one was written
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
     * Returns an operator for {@code transform} that passes all signals in the context that was written below it. If
     * none was written, the operator does nothing.
     *
     * <p>The context is handed over to each signal, so hand-offs, mirrors and carriers apply. If one of them fails, the
     * stream ends with that error. A failure to restore the previous context also ends the stream; after the
     * subscription or the last signal, it is passed to Reactor's {@code onErrorDropped}.
     *
     * @param <T> the type of the elements
     * @return a function from a publisher to one that passes its signals in the context
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
