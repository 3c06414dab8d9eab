package dev.scopedcontext.spring.reactive;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;

/** The failure of an exchange whose stream has completed, since code of the application made it a response. */
final class ExchangeFailure {

    private static final String RECORDED = ExchangeFailure.class.getName();

    private ExchangeFailure() {
    }

    /** Records the exception of a handler, unless an earlier one is recorded. */
    static void record(ServerWebExchange exchange, Throwable failure) {
        exchange.getAttributes().putIfAbsent(RECORDED, failure);
    }

    /** Returns the failure to pass to hooks, or null. The exception itself is preferred to a notice of it. */
    static @Nullable Throwable of(ServerWebExchange exchange) {
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
