package dev.scopedcontext.spring.reactive;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;

/**
 * The failures of exchanges whose stream has completed, since code of the application made responses of them.
 *
 * @param marked whether hooks get them
 * @param criteria decide which of them hooks get
 */
record ExchangeFailures(boolean marked, List<ExchangeFailureCriterion> criteria) {

    private static final String RECORDED = ExchangeFailures.class.getName();

    /** Records the exception of a handler, unless an earlier one is recorded. */
    static void record(ServerWebExchange exchange, Throwable failure) {
        exchange.getAttributes().putIfAbsent(RECORDED, failure);
    }

    /** Returns the failure to pass to hooks, or null. Throws nothing. */
    @Nullable
    Throwable of(ServerWebExchange exchange) {
        try {
            Throwable found = marked ? find(exchange) : null;
            return found != null && criteria.stream().allMatch(criterion -> criterion.isFailure(found, exchange))
                    ? found
                    : null;
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    /** Returns the exception itself, if it is known, or else a notice of it. */
    private static @Nullable Throwable find(ServerWebExchange exchange) {
        Throwable recorded = exchange.getAttribute(RECORDED);
        if (recorded != null && !(recorded instanceof HandledExceptionNotice)) {
            return recorded;
        }
        Throwable observed = ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                .map(ServerRequestObservationContext::getError).orElse(null);
        if (observed != null) {
            return observed;
        }
        return recorded == null ? noticeOf(exchange.getResponse().getStatusCode()) : recorded;
    }

    private static @Nullable Throwable noticeOf(@Nullable HttpStatusCode status) {
        return status != null && status.is5xxServerError()
                ? new HandledExceptionNotice("The status of the response is " + status)
                : null;
    }
}
