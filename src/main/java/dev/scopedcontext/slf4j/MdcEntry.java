package dev.scopedcontext.slf4j;

import dev.scopedcontext.KeyMirror;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Shows a value as an entry of the MDC.
 *
 * @param name the name of the entry
 * @param formatter returns the text of a value that is not null
 * @param <T> the type of the values
 */
record MdcEntry<T extends @Nullable Object>(String name, Function<? super T, @Nullable String> formatter)
        implements
            KeyMirror<T> {

    @Override
    public Runnable show(T value) {
        return replace(value == null ? null : formatter.apply(value));
    }

    @Override
    public Runnable hide() {
        return replace(null);
    }

    private Runnable replace(@Nullable String text) {
        String before = MDC.get(name);
        Runnable undo = before == null && isPresent() ? () -> MDC.put(name, null) : () -> set(before);
        set(text);
        return undo;
    }

    /**
     * Returns whether there is an entry, which may have no text. Copies all entries, so {@code get} is called first.
     */
    private boolean isPresent() {
        Map<String, String> entries = MDC.getCopyOfContextMap();
        return entries != null && entries.containsKey(name);
    }

    private void set(@Nullable String text) {
        if (text == null) {
            MDC.remove(name);
        } else {
            MDC.put(name, text);
        }
    }

    @Override
    public String toString() {
        return "MdcMirror[" + name + "]";
    }
}
