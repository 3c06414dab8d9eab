package dev.scopedcontext.slf4j;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.KeyMirror;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows the value of a key as an entry of SLF4J's mapped diagnostic context, the MDC. A pattern such as {@code
 * %X{requestId}} prints it in every log line of the code that runs with the value:
 *
 * {@snippet class="dev.scopedcontext.slf4j.Slf4jExamplesTest" region="mirror"}
 *
 * <p>The entry exists while the key is bound: in a {@code run}, {@code call} or {@code attach} that binds it, and in
 * tasks on other threads that the context is handed over to. Afterwards the previous entry is restored, or removed if
 * there was none. If a context in which the key is bound is replaced with one in which it is not, there is no entry.
 * Other entries of the MDC do not change.
 *
 * <p>The default of a key is not a binding, and is not shown. If a key is bound twice, the inner value is shown. Use
 * one entry per key: if two keys have the same entry, either value may be shown. Subtasks that the JDK's own {@code
 * StructuredTaskScope} forks read the bindings, but mirrors are not notified.
 *
 * <p>Mirrors are immutable and thread-safe. Unless noted otherwise, passing null throws a {@code NullPointerException}
 * that names the parameter. There is no entry while null is bound.
 */
public final class MdcMirror {

    private MdcMirror() {
    }

    /**
     * Returns a mirror that shows values as {@code String.valueOf} converts them.
     *
     * @param entry the name of the entry
     * @return a mirror for the builder of a key
     */
    public static KeyMirror<@Nullable Object> to(String entry) {
        return to(entry, String::valueOf);
    }

    /**
     * Returns a mirror that shows values as a formatter converts them. The formatter is called each time that the
     * value is shown: when a binding takes effect, and at each hand-over. Its exceptions propagate to the code that
     * enters the scope; the body is not run then, and the MDC does not change.
     *
     * @param entry the name of the entry
     * @param formatter returns the text of a value that is not null; if it returns null, there is no entry
     * @param <T> the type of the values
     * @return a mirror for the builder of a key
     */
    public static <T extends @Nullable Object> KeyMirror<T> to(String entry,
            Function<? super T, @Nullable String> formatter) {
        return new MdcEntry<>(requireNonNull(entry, "entry"), requireNonNull(formatter, "formatter"));
    }
}
