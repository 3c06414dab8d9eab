package dev.scopedcontext.local;

import dev.scopedcontext.CallableOp;
import java.util.Comparator;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes each step through a stream in the scope that it comes from; what is done with the elements is done outside
 * of it. It is not split, since one thread at a time can be in the scope.
 *
 * @param <T> the type of the elements
 */
final class StreamBody<T extends @Nullable Object> implements Spliterator<T> {

    private final Later later;
    private final Spliterator<T> steps;

    StreamBody(Later later, Spliterator<T> steps) {
        this.later = later;
        this.steps = steps;
    }

    /** Calls an operation in a scope that ends when it returns, or, if it returns a stream, when that is closed. */
    static <R extends @Nullable Object, X extends Throwable> R keep(LocalManager manager,
            CallableOp<? extends R, X> op) throws X {
        return Kept.<R, X>call(manager, op, StreamBody::orStream);
    }

    @SuppressWarnings("unchecked") // no class of the JDK is a Stream and part of its API, so R is an interface
    private static <R extends @Nullable Object> R orStream(R returned, Supplier<Later> later) {
        if (returned instanceof Stream<?> body) {
            if (!isPlain(body)) {
                throw new IllegalStateException("A wrapped function returned a " + body.getClass().getName()
                        + ", a stream whose type is not just Stream, as its caller may expect, and which a managed"
                        + " scope cannot stay open for: return a plain one, such as"
                        + " StreamSupport.stream(it.spliterator(), false).onClose(it::close)");
            }
            return (R) keep(body, later.get());
        }
        if (returned instanceof BaseStream<?, ?>) {
            throw new IllegalStateException("A wrapped function returned " + returned + ", a stream of primitives,"
                    + " for which a managed scope cannot stay open: return a Stream, such as boxed() makes");
        }
        return returned;
    }

    /** Tells whether steps of a stream are just streams; if not, its caller may have declared it as their type. */
    private static boolean isPlain(Stream<?> body) {
        try {
            return body.getClass().getMethod("filter", Predicate.class).getReturnType() == Stream.class;
        } catch (NoSuchMethodException impossible) {
            throw new LinkageError("Stream has filter", impossible);
        }
    }

    private static <T extends @Nullable Object> Stream<T> keep(Stream<T> body, Later later) {
        return of(body, later).onClose(later.scope::close);
    }

    static <T extends @Nullable Object> Stream<T> of(Stream<T> body, Later later) {
        Spliterator<T> steps = body.sequential().spliterator(); // a parallel one may step on threads outside of it
        AtomicBoolean closed = new AtomicBoolean(); // threads that close a stream at once may run its handlers twice
        return StreamSupport.stream(new StreamBody<>(later, steps), false).onClose(() -> {
            if (closed.compareAndSet(false, true)) {
                later.close(body);
            }
        });
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        Found<T> found = new Found<>();
        boolean more = later.call(() -> steps.tryAdvance(found));
        if (more) {
            action.accept(found.element);
        }
        return more;
    }

    @Override
    public @Nullable Spliterator<T> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return later.call(steps::estimateSize);
    }

    @Override
    public int characteristics() {
        return steps.characteristics();
    }

    @Override
    public @Nullable Comparator<? super T> getComparator() {
        return steps.getComparator();
    }

    /** Brings an element out of the scope. */
    private static final class Found<T extends @Nullable Object> implements Consumer<T> {

        @SuppressWarnings("NullAway.Init")
        private T element;

        @Override
        public void accept(T next) {
            element = next;
        }
    }
}
