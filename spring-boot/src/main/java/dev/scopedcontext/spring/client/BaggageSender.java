package dev.scopedcontext.spring.client;

import dev.scopedcontext.baggage.ContextBaggage;
import java.net.URI;
import java.util.List;
import org.springframework.http.HttpHeaders;

/**
 * Writes the values that are bound on the calling thread into the headers of requests. It merges them with the baggage
 * that other libraries have written before.
 *
 * @param baggage declares the keys
 * @param destinations decide which requests get them
 */
record BaggageSender(ContextBaggage baggage, List<BaggageDestinations> destinations) {

    boolean sendsTo(URI uri) {
        for (BaggageDestinations some : destinations) {
            if (!some.includes(uri)) {
                return false;
            }
        }
        return true;
    }

    void inject(HttpHeaders headers) {
        baggage.inject(headers::set, headers::get);
    }

    void injectIfSent(URI uri, HttpHeaders headers) {
        if (sendsTo(uri)) {
            inject(headers);
        }
    }
}
