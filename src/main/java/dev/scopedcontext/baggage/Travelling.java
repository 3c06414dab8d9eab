package dev.scopedcontext.baggage;

import dev.scopedcontext.ContextKey;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A key that is declared to travel.
 *
 * @param name its name on the wire
 * @param key the key
 * @param write writes its values
 * @param read reads them
 * @param <T> the type of its values
 */
record Travelling<T>(String name, ContextKey<T> key, Function<? super T, ? extends @Nullable String> write,
        Function<String, ? extends @Nullable T> read) {

    /** Returns what is bound, written, or null if nothing is to be sent. */
    @Nullable
    String written() {
        T value = key.orElse(null);
        return value == null ? null : write.apply(value);
    }

    /** Returns what arrived, read, or null if it cannot be. */
    @Nullable
    T valueOf(String text) {
        try {
            return read.apply(text);
        } catch (Exception | StackOverflowError refusal) { // Kotlin throws checked ones; the sender says how deep
            return null;
        }
    }
}
