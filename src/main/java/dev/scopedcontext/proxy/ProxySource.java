package dev.scopedcontext.proxy;

import dev.scopedcontext.UnboundContextException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The source of a proxy: a supplier that can report whether it has a value. Implement it for keys of your own. A plain
 * {@link Supplier} is often sufficient; it counts as bound unless it throws {@link UnboundContextException}.
 *
 * {@snippet class="dev.scopedcontext.proxy.ProxyExamplesTest" region="source"}
 *
 * <p>A source is called on the thread that calls the proxy, for every call, and must be thread-safe. Its {@code
 * toString()} names it in messages, and must not throw.
 *
 * @param <T> the type of the objects
 */
public interface ProxySource<T extends @Nullable Object> extends Supplier<T> {

    /**
     * Returns whether a value is currently bound. Does not throw if no value is bound, and has no side effects: a
     * resource that is opened at first use is not opened.
     *
     * @return true if {@link #get()} has a value to return, even if it is null
     */
    boolean isBound();

    /**
     * Returns whether {@link #get()} would return an existing object, instead of creating one. A proxy calls this
     * before {@code toString}, {@code equals} and {@code hashCode}, which must not create anything.
     *
     * @return true if {@link #get()} would create nothing; by default, {@link #isBound()}
     */
    default boolean isOpen() {
        return isBound();
    }

    /**
     * Returns the object that is currently bound. Exceptions propagate unchanged to the caller of the proxy, including
     * an {@code UnboundContextException} if {@link #isBound()} is true.
     *
     * @return the object
     * @throws UnboundContextException if there is none
     */
    @Override
    T get();
}
