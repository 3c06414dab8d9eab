package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Shows the value of a key outside of this library while it is bound, for example as an entry of a logging context. The
 * value is shown when a {@code run}, {@code call} or {@code attach} binds the key, and again on each thread that the
 * context is handed over to.
 *
 * <p>{@link ContextKey.Builder#mirror} adds a mirror to a key. Each method changes external state of the calling
 * thread, and returns an action that restores the previous state exactly. The same thread runs the action once, after
 * the body and its exit hooks. While a mirror runs, the context that is being entered is current, so the mirror can
 * read other keys.
 *
 * <p>If a mirror throws, the body does not run, the entry is undone, and the exception propagates to the caller. If an
 * action fails, the others still run, and its exception is thrown or suppressed into the failure of the body.
 *
 * <p>A mirror should create the action before it changes the state. If the stack overflows between the two, the change
 * would otherwise remain.
 *
 * <p>Implementations must be thread-safe.
 *
 * @param <T> the type of the key's values
 */
public interface KeyMirror<T extends @Nullable Object> {

    /**
     * Shows a value that is now bound.
     *
     * @param value the value, which is null if null is bound
     * @return the action that restores the previous state, not null
     */
    Runnable show(T value);

    /**
     * Shows that the key is not bound. Called when a context in which the key was bound is replaced by one in which it
     * is not: in a {@link ContextSnapshot}, or in bindings {@linkplain Bindings#without without} the key. Also called
     * while carriers capture a context that is handed over {@linkplain HandOff#drop() without} the key.
     *
     * @return the action that restores the previous state, not null
     */
    Runnable hide();
}
