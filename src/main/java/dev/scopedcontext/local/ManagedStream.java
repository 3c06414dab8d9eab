package dev.scopedcontext.local;

import java.util.Comparator;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes each step of a stream in the scope of the function that returned it. The elements are processed outside of that
 * scope. The stream is not split, since only one thread at a time can be in the scope.
 *
 * <p>The reasons are in {@code docs/decisions/0013-locals.md}.
 *
 * @param <T> the type of the elements
 */
final class ManagedStream<T extends @Nullable Object> implements Spliterator<T> {

    private final Resumption resumption;
    private final Spliterator<T> steps;

    private ManagedStream(Resumption resumption, Spliterator<T> steps) {
        this.resumption = resumption;
        this.steps = steps;
    }

    /**
     * Returns the result of a function. If that is a stream, returns one that resumes the function for each step, and
     * ends the scope when it is closed.
     */
    @SuppressWarnings("unchecked") // no public class of the JDK is a Stream, so R is an interface
    static <R extends @Nullable Object> R orResult(R returned, Supplier<Resumption> resumption) {
        if (returned instanceof Stream<?> stream) {
            if (!isPlain(stream)) {
                throw new IllegalStateException("A managed function returned a " + stream.getClass().getName()
                        + ", a stream whose type is not just Stream, for which a managed scope cannot stay open:"
                        + " return a plain one, such as"
                        + " StreamSupport.stream(it.spliterator(), false).onClose(it::close)");
            }
            return (R) of(stream, resumption.get());
        }
        if (returned instanceof BaseStream<?, ?>) {
            throw new IllegalStateException("A managed function returned " + returned + ", a stream of primitives,"
                    + " for which a managed scope cannot stay open: return a Stream, such as boxed() makes");
        }
        return returned;
    }

    /** Returns whether operations of a stream return just {@code Stream}. Otherwise callers may expect a subtype. */
    private static boolean isPlain(Stream<?> stream) {
        try {
            return stream.getClass().getMethod("filter", Predicate.class).getReturnType() == Stream.class;
        } catch (NoSuchMethodException impossible) {
            throw new LinkageError("Stream has a method filter", impossible);
        }
    }

    private static <T extends @Nullable Object> Stream<T> of(Stream<T> stream, Resumption resumption) {
        Spliterator<T> steps = stream.sequential().spliterator(); // a parallel stream uses threads outside of the scope
        AtomicBoolean closed = new AtomicBoolean(); // threads that close a stream at once may run its handlers twice
        return StreamSupport.stream(new ManagedStream<>(resumption, steps), false).onClose(() -> {
            if (closed.compareAndSet(false, true)) {
                resumption.close(stream);
            }
        }).onClose(resumption.scope::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        Element<T> element = new Element<>();
        boolean more = resumption.call(() -> steps.tryAdvance(element));
        if (more) {
            action.accept(element.value);
        }
        return more;
    }

    @Override
    public @Nullable Spliterator<T> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return resumption.call(steps::estimateSize);
    }

    @Override
    public int characteristics() {
        return steps.characteristics();
    }

    @Override
    public @Nullable Comparator<? super T> getComparator() {
        return steps.getComparator();
    }

    /** Passes an element out of the scope. */
    private static final class Element<T extends @Nullable Object> implements Consumer<T> {

        @SuppressWarnings("NullAway.Init")
        private T value;

        @Override
        public void accept(T next) {
            value = next;
        }
    }
}
