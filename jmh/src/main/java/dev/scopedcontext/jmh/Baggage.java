package dev.scopedcontext.jmh;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.ContextBaggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Question 10: what does it cost to write two values to a {@code baggage} header, one of which needs encoding, and to
 * read them and an undeclared value, compared with OpenTelemetry's propagator?
 *
 * <p>Both write existing values: those of this library are already bound, and OpenTelemetry's are in a {@code Context}
 * argument.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Baggage {
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<String> USER = ContextKey.named("user");

    private static final TextMapGetter<List<String>> HEADERS = new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // deprecated, but abstract
        public Iterable<String> keys(List<String> headers) {
            return List.of("baggage");
        }

        @Override
        public String get(List<String> headers, String key) {
            return headers.get(0);
        }

        @Override
        public Iterator<String> getAll(List<String> headers, String key) {
            return headers.iterator();
        }
    };

    private final List<String> arriving = List.of("tenant=acme,user=Am%C3%A9lie%20Poulain,vendor=4711;ttl=5");
    private final ContextBaggage baggage = ContextBaggage.builder().member("tenant", TENANT).member("user", USER)
            .build();
    private final Bindings bindings = ScopedContext.where(TENANT, "acme").where(USER, "Amélie Poulain");
    private final Context context = Context.root().with(io.opentelemetry.api.baggage.Baggage.builder()
            .put("tenant", "acme").put("user", "Amélie Poulain").build());

    @Benchmark
    @Twin("openTelemetryInject")
    public Object scopedContextInject() {
        return bindings.call(() -> {
            Map<String, String> headers = new HashMap<>();
            baggage.inject(headers::put);
            return headers;
        });
    }

    @Benchmark
    public Object openTelemetryInject() {
        Map<String, String> headers = new HashMap<>();
        W3CBaggagePropagator.getInstance().inject(context, headers, Map::put);
        return headers;
    }

    @Benchmark
    @Twin("openTelemetryExtract")
    public Object scopedContextExtract() {
        return baggage.extract(name -> arriving);
    }

    @Benchmark
    public Object openTelemetryExtract() {
        return W3CBaggagePropagator.getInstance().extract(Context.root(), arriving, HEADERS);
    }
}
