package dev.scopedcontext.local;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A name in a {@link ValueTable}, with its value. The value is written with release and read with acquire, so a thread
 * that inherited the table only sees objects that were fully constructed before they were set.
 */
@SuppressWarnings("serial") // never serialized
final class NamedValue extends AtomicReference<@Nullable Object> {

    /** Stands for "no value", since null is a value. */
    static final Object ABSENT = new Object();

    /** The writer of entries that no table may write. */
    private static final Object NOBODY = new Object();

    /** Stands for "no entry". Its name is identical to no other string. */
    static final NamedValue NONE = new NamedValue(new String(""), ABSENT, NOBODY);

    final String name;

    /** Identifies the table that may write the value. Other tables may contain this entry too. */
    final Object writer;

    NamedValue(String name, @Nullable Object value, Object writer) {
        this.name = name;
        this.writer = writer;
        setRelease(value);
    }

    boolean isOf(String other) {
        return name == other || name.equals(other);
    }

    boolean hasValue() {
        return getAcquire() != ABSENT;
    }

    /** Returns an entry with the same name and value, which no table may write. */
    NamedValue copy() {
        return new NamedValue(name, getAcquire(), NOBODY);
    }
}
