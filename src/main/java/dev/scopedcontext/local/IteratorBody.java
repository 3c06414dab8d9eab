package dev.scopedcontext.local;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Takes each step of an iterator in the scope that it comes from, as {@link StreamBody} does.
 *
 * @param <T> the type of the elements
 */
final class IteratorBody<T extends @Nullable Object> implements Iterator<T> {

    private final Later later;
    private final Iterator<T> steps;

    IteratorBody(Later later, Iterator<T> steps) {
        this.later = later;
        this.steps = steps;
    }

    @Override
    public boolean hasNext() {
        return later.call(steps::hasNext);
    }

    @Override
    public T next() {
        return later.call(steps::next);
    }

    @Override
    public void remove() {
        later.run(steps::remove);
    }
}
