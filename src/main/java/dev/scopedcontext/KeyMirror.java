package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Shows the value of a key in a place outside of this library, such as an entry of a logging context, for as
 * long as it is bound: on entry to a {@code run}, {@code call} or {@code attach} that binds the key, and again
 * on every thread that the context is handed to.
 *
 * <p>A mirror is given to a key by {@link ContextKey.Builder#mirror}. Each method changes the place outside for
 * the calling thread, and returns the action that puts back exactly what was there; it is run once, by the same
 * thread, after the body and its exit hooks. While a mirror runs, the context that is being entered is in
 * place, so it may read other keys. If it throws, the body does not run, what was done for the entry is
 * undone and the exception is thrown to whoever entered. If putting back fails, all else is put back and the
 * failure is thrown, or suppressed into the body's own.
 *
 * <p>A mirror should make that action before it changes the place: a stack overflow between the two leaves the change.
 * It must be safe to use by several threads at once.
 *
 * @param <T> the type of the key's values
 */
public interface KeyMirror<T extends @Nullable Object> {

    /**
     * Shows a value that is now bound.
     *
     * @param value the value, null when null is bound
     * @return the action that puts back what was there before
     */
    Runnable show(T value);

    /**
     * Shows that the key is not bound: called when a context in which it was bound is replaced with one in which
     * it is not, by the run of a {@link ContextSnapshot} or of bindings {@linkplain Bindings#without without} it;
     * and for as long as carriers capture where a context is handed over {@linkplain HandOff#drop() without} it.
     *
     * @return the action that puts back what was there before
     */
    Runnable hide();
}
