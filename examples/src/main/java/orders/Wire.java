package orders;

import static orders.Current.REQUEST_ID;
import static orders.Current.TENANT;

import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.task.Deadline;
import org.jspecify.annotations.Nullable;

/** Declares the values that arrive in headers, and those that this service sends to other services. */
final class Wire {

    /** Values that a client may send: the id of its request, and the time that it waits for the response. */
    static final ContextBaggage FROM_CLIENTS = ContextBaggage.builder()
            .header("x-request-id", REQUEST_ID, id -> id, Wire::checked)
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
            .declaredOnly()
            .build();

    /** Values that are sent to other services. The tenant is only sent: this service knows it from the path. */
    static final ContextBaggage TO_SERVICES = ContextBaggage.builder()
            .member("request-id", REQUEST_ID)
            .member("tenant", TENANT, Tenant::name, name -> null)
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
            .build();

    private Wire() {
    }

    /** Accepts the ids that other services accept too, so that all of them log the same id. */
    private static @Nullable String checked(String id) {
        return id.matches("[\\w-]{1,64}") ? id : null;
    }
}
