package dev.scopedcontext.spring.reactive;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.DispatchExceptionHandler;
import org.springframework.web.reactive.HandlerAdapter;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Passes each handler to the adapter that supports it, and records the exceptions that may become responses. WebFlux
 * asks this adapter before all others.
 *
 * <p>An adapter asks the {@code @ExceptionHandler} methods itself if a handler throws, and does not tell the exception.
 * The result then comes from such a method, if it has one. All other exceptions pass this class: those of the stream
 * that a handler has returned, and those for which the adapter has found no method.
 */
final class FailureRecorder implements HandlerAdapter, DispatchExceptionHandler, Ordered {

    private final Supplier<List<HandlerAdapter>> adapters;

    /**
     * Creates an adapter.
     *
     * @param adapters returns the adapters of the application in their order, which may include this one
     */
    FailureRecorder(Supplier<List<HandlerAdapter>> adapters) {
        this.adapters = adapters;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public boolean supports(Object handler) {
        return find(handler) != null;
    }

    private @Nullable HandlerAdapter find(Object handler) {
        for (HandlerAdapter adapter : adapters.get()) {
            if (adapter != this && adapter.supports(handler)) {
                return adapter;
            }
        }
        return null;
    }

    @Override
    public Mono<HandlerResult> handle(ServerWebExchange exchange, Object handler) {
        HandlerAdapter adapter = find(handler);
        return adapter == null
                ? Mono.error(new IllegalStateException("No HandlerAdapter: " + handler))
                : adapter.handle(exchange, handler).doOnNext(result -> observe(exchange, result));
    }

    private static void observe(ServerWebExchange exchange, HandlerResult result) {
        if (result.getHandler() instanceof HandlerMethod method
                && AnnotatedElementUtils.hasAnnotation(method.getMethod(), ExceptionHandler.class)) {
            ExchangeFailures.record(exchange,
                    new HandledExceptionNotice("An exception was turned into a response by " + method));
        }
        DispatchExceptionHandler original = result.getExceptionHandler();
        if (original != null) {
            result.setExceptionHandler((failed, failure) -> {
                ExchangeFailures.record(exchange, failure);
                return original.handleError(failed, failure);
            });
        }
    }

    /** Records an exception that no handler has turned into a response so far. */
    @Override
    public Mono<HandlerResult> handleError(ServerWebExchange exchange, Throwable failure) {
        ExchangeFailures.record(exchange, failure);
        return Mono.error(failure);
    }
}
