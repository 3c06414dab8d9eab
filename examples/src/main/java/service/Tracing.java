package service;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.opentelemetry.OpenTelemetryCarrier;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Traces a service with OpenTelemetry. Traces continue across services. */
public final class Tracing {

    private static final TextMapPropagator PROPAGATOR = W3CTraceContextPropagator.getInstance();

    private final Tracer tracer;

    /** Creates the tracing of a service, whose spans go to a collector. */
    public Tracing(String service, SpanExporter collector) {
        this.tracer = SdkTracerProvider.builder()
                .setResource(Resource.builder().put("service.name", service).build())
                .addSpanProcessor(SimpleSpanProcessor.create(collector))
                .build()
                .get(service);
    }

    /** Opens the span of a request: a child of the span of the sender, and the parent of the spans of subtasks. */
    public ScopeOpener serving(HttpExchange exchange) {
        Context sender = PROPAGATOR.extract(Context.root(), exchange.getRequestHeaders(), Headers::getFirst);
        return new InSpan(tracer.spanBuilder(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath())
                .setSpanKind(SpanKind.SERVER)
                .setParent(sender))
                .enclosing(() -> ScopedContext.carrying(OpenTelemetryCarrier.current()));
    }

    /** Returns a task that runs in a span of its own. */
    public <T extends @Nullable Object> Callable<T> span(String name, Callable<T> task) {
        return () -> new InSpan(tracer.spanBuilder(name)).<T, Exception>call(task::call);
    }

    /** Writes the current span into the headers of a request. */
    public void inject(BiConsumer<String, String> setter) {
        PROPAGATOR.inject(Context.current(), setter, BiConsumer::accept);
    }
}
