package dev.scopedcontext.opentelemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Traces with the SDK, and tells the tree of the spans. */
final class Spans implements AutoCloseable {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
    private final Tracer tracer = provider.get("test");

    /** Calls a body with a new span, a child of the one that is current. */
    <T> T in(String name, Callable<T> body) throws Exception {
        Span span = tracer.spanBuilder(name).startSpan();
        try (Scope scope = span.makeCurrent()) {
            return body.call();
        } finally {
            span.end();
        }
    }

    /** Starts and ends a span, and returns its name. */
    String leaf(String name) {
        tracer.spanBuilder(name).startSpan().end();
        return name;
    }

    /** Returns each span that has ended, as its name and that of its parent. */
    List<String> tree() {
        List<SpanData> spans = exporter.getFinishedSpanItems();
        Map<String, SpanData> byId = spans.stream().collect(Collectors.toMap(SpanData::getSpanId, Function.identity()));
        return spans.stream().map(span -> {
            SpanData parent = byId.get(span.getParentSpanId());
            return span.getName() + " < " + (parent == null ? "-" : parent.getName());
        }).toList();
    }

    @Override
    public void close() {
        provider.close();
    }
}
