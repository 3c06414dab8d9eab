package pricing;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.task.Deadline;
import org.jspecify.annotations.Nullable;

/** Declares the values that arrive in the headers of requests. */
final class Wire {

    static final ContextKey<String> REQUEST_ID = ContextKey.<String>builder("request id")
            .mirror(MdcMirror.to("requestId"))
            .build();
    static final ContextKey<Tariff> TARIFF = ContextKey.named("tariff");

    static final ContextBaggage FROM_SERVICES = ContextBaggage.builder()
            .member("request-id", REQUEST_ID, id -> id, Wire::checked)
            .member("tenant", TARIFF, Tariff::tenant, Tariff::of)
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
            .build();

    private Wire() {
    }

    /** Refuses text that could look like a log line of its own. */
    private static @Nullable String checked(String id) {
        return id.matches("[\\w-]{1,64}") ? id : null;
    }
}
