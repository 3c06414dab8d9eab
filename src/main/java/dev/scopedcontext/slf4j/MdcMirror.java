package dev.scopedcontext.slf4j;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.KeyMirror;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows the value of a key as an entry of SLF4J's mapped diagnostic context, the MDC, so that a pattern such as
 * {@code %X{requestId}} prints it in every log line of the code that runs with it:
 *
 * {@snippet class="dev.scopedcontext.slf4j.Slf4jExamplesTest" region="mirror"}
 *
 * <p>The entry is there while the key is bound: in a {@code run}, {@code call} or {@code attach} that binds it,
 * and on each thread that the context is handed to, for as long as a task runs in it. Afterwards the entry is
 * what it was before, also if it was not there. Where a context in which the key is not bound replaces one in
 * which it is, there is no entry. What else is in the MDC stays.
 *
 * <p>The default of a key is not a binding, and not shown. Of a key that is bound twice, the inner value is
 * shown. Of two keys that have one entry, either may be: give each its own. A task that the JDK's own {@code
 * StructuredTaskScope} forks reads what is bound, but no mirror is told.
 *
 * <p>Mirrors are immutable and safe to use by any number of threads.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is. While null
 * is bound there is no entry.
 */
public final class MdcMirror {

    private MdcMirror() {
    }

    /**
     * Returns a mirror that shows values as {@code String.valueOf} writes them.
     *
     * @param entry the name of the entry
     * @return a mirror for the builder of a key
     */
    public static KeyMirror<@Nullable Object> to(String entry) {
        return to(entry, String::valueOf);
    }

    /**
     * Returns a mirror that shows values as a formatter writes them. It is called once for each time that the
     * value is shown: on entry to what binds it, and at each hand-over. What it throws is thrown to whoever
     * enters; the body is not run then, and the MDC is as it was.
     *
     * @param entry the name of the entry
     * @param formatter writes a value, which is not null; where it returns null, there is no entry
     * @param <T> the type of the values
     * @return a mirror for the builder of a key
     */
    public static <T extends @Nullable Object> KeyMirror<T> to(String entry,
            Function<? super T, @Nullable String> formatter) {
        return new MdcEntry<>(requireNonNull(entry, "entry"), requireNonNull(formatter, "formatter"));
    }
}
