package dev.scopedcontext.spring.client;

import java.net.URI;

/**
 * Decides which requests carry the values of the {@link dev.scopedcontext.baggage.ContextBaggage} bean. Declare a bean
 * of this type if the application also sends requests to services that must not see these values. Without one, all
 * requests carry them. With several, all of them must include the destination.
 *
 * {@snippet class="dev.scopedcontext.spring.client.ClientSnippetsTest" region="destinations"}
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface BaggageDestinations {

    /**
     * Returns whether a request carries the values.
     *
     * @param uri the URI of the request
     * @return true if it does
     */
    boolean includes(URI uri);
}
