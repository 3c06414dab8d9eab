package dev.scopedcontext.local;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A name in a {@link Cell}, and its value. The value is written with release and read with acquire, so that a thread
 * which inherited the cell never finds an object half made.
 */
@SuppressWarnings("serial") // nobody writes it to a stream
final class Slot extends AtomicReference<@Nullable Object> {

    /** Stands for "no value", since null is one. */
    static final Object ABSENT = new Object();

    /** What slots are marked with that no cell may write. */
    private static final Object SHARED = new Object();

    /** Stands for "no slot". Its name is the very one of no other, also if one is equal. */
    static final Slot NONE = new Slot(new String(""), ABSENT, SHARED);

    final String name;

    /** Only a cell that has the same mark may write; others may have this slot too. */
    final Object mark;

    Slot(String name, @Nullable Object value, Object mark) {
        this.name = name;
        this.mark = mark;
        setRelease(value);
    }

    boolean isOf(String other) {
        return name == other || name.equals(other);
    }

    boolean hasValue() {
        return getAcquire() != ABSENT;
    }

    /** Returns one with the same name and value, which no cell may write. */
    Slot copy() {
        return new Slot(name, getAcquire(), SHARED);
    }
}
