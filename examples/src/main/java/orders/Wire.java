package orders;

import static orders.Current.REQUEST_ID;
import static orders.Current.TENANT;

import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.task.Deadline;
import org.jspecify.annotations.Nullable;

/** What comes to this service in the headers of requests, and what goes on from it to other services. */
final class Wire {

    /** What a client may say: how its request is called, and how long it waits for the answer. */
    static final ContextBaggage FROM_CLIENTS = ContextBaggage.builder()
            .header("x-request-id", REQUEST_ID, id -> id, Wire::checked)
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
            .declaredOnly()
            .build();

    /** What services are told. For which tenant that is, nobody tells this one. */
    static final ContextBaggage TO_SERVICES = ContextBaggage.builder()
            .member("request-id", REQUEST_ID)
            .member("tenant", TENANT, Tenant::name, name -> null)
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
            .build();

    private Wire() {
    }

    /** Takes what other services take too, so that all of them log the same. */
    private static @Nullable String checked(String id) {
        return id.matches("[\\w-]{1,64}") ? id : null;
    }
}
