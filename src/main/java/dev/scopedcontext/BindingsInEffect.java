package dev.scopedcontext;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Iterates over the bindings of a {@link Frame} that no newer binding of the same key hides, newest first. */
final class BindingsInEffect implements Iterator<Binding> {

    private final Frame newest;

    /** The table of the bindings in effect; null if there are so few bindings that they are scanned. */
    private final @Nullable BindingTable all;

    private Frame frame;
    private Binding next;

    BindingsInEffect(Frame newest, @Nullable BindingTable all) {
        this.newest = newest;
        this.all = all;
        this.frame = newest;
        this.next = newest.added;
        skipHidden();
    }

    private void skipHidden() {
        while (frame != Frame.EMPTY && (next.key == null || next.value == Binding.ABSENT || isHidden(next.key))) {
            if (next.key == null) {
                frame = frame.outer;
                next = frame.added;
            } else {
                next = next.outer;
            }
        }
    }

    private boolean isHidden(Key key) {
        return (all != null ? all.find(key) : scan(key)) != next;
    }

    private Binding scan(Key key) {
        for (Frame f = newest; f != frame; f = f.outer) {
            Binding found = f.added.newest(key);
            if (found.key != null) {
                return found;
            }
        }
        return frame.added.newest(key);
    }

    @Override
    public boolean hasNext() {
        return frame != Frame.EMPTY;
    }

    @Override
    public Binding next() {
        if (frame == Frame.EMPTY) {
            throw new NoSuchElementException();
        }
        Binding result = next;
        next = next.outer;
        skipHidden();
        return result;
    }
}
