package dev.scopedcontext.baggage;

import dev.scopedcontext.ContextKey;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A key that is declared to travel.
 *
 * @param name the name on the wire
 * @param key the key
 * @param write returns the text of a value
 * @param read returns the value of a text
 * @param <T> the type of its values
 */
record WireKey<T>(String name, ContextKey<T> key, Function<? super T, ? extends @Nullable String> write,
        Function<String, ? extends @Nullable T> read) {

    /** Returns the text of the bound value, or null to send nothing. */
    @Nullable
    String written() {
        T value = key.orElse(null);
        return value == null ? null : write.apply(value);
    }

    /** Returns the value of a text, or null if it cannot be read. */
    @Nullable
    T valueOf(String text) {
        try {
            return read.apply(text);
        } catch (Exception | StackOverflowError refusal) { // Kotlin may throw checked ones; input may be deep
            return null;
        }
    }
}
