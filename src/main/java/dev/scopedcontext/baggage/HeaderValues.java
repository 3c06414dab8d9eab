package dev.scopedcontext.baggage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The values of a message's headers. */
final class HeaderValues {

    private HeaderValues() {
    }

    /** Returns all values of a header except null, since callers' collections are not always null-marked. */
    static List<String> of(String name, Function<String, ? extends @Nullable Iterable<String>> headers) {
        Iterable<String> values = headers.apply(name);
        if (values == null) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        for (String value : values) {
            if (value != null) {
                all.add(value);
            }
        }
        return all;
    }
}
