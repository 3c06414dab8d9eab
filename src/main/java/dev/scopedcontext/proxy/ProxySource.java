package dev.scopedcontext.proxy;

import dev.scopedcontext.UnboundContextException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy forwards to: a supplier that can tell whether it has something to give. For those who build
 * keys of their own; a plain {@link Supplier} is enough for most, and is bound unless it throws {@link
 * UnboundContextException}.
 *
 * {@snippet class="dev.scopedcontext.proxy.ProxyExamplesTest" region="source"}
 *
 * <p>A source is asked on the thread that calls the proxy, anew for every call, and must be safe to use by
 * several threads at once. Its {@code toString()} names it in messages, and must not throw.
 *
 * @param <T> the type of the objects
 */
public interface ProxySource<T extends @Nullable Object> extends Supplier<T> {

    /**
     * Tells whether there is something to give now. Does not throw because there is nothing, and does not
     * bring about what it tells of: a resource that is opened at first use is not opened.
     *
     * @return true if {@link #get()} has something to return, also if that is null
     */
    boolean isBound();

    /**
     * Tells whether {@link #get()} would return an object that exists already, instead of creating one. A proxy asks
     * this before {@code toString}, {@code equals} and {@code hashCode}, which must not create anything.
     *
     * @return true if {@link #get()} would create nothing; by default, {@link #isBound()}
     */
    default boolean isOpen() {
        return isBound();
    }

    /**
     * Returns the object that is bound now. What it throws besides {@code UnboundContextException} arrives at
     * whoever calls the proxy as it is, and so does that one when {@link #isBound()}.
     *
     * @return the object
     * @throws UnboundContextException if there is none
     */
    @Override
    T get();
}
