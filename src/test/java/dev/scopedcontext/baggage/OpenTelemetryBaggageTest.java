package dev.scopedcontext.baggage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What we write OpenTelemetry reads, and the other way round. And why its propagator is not what reads and writes
 * here: each of these is a sentence of the rationale, and a test that fails on a newer version is good news.
 */
@ExtendWith(CleanThread.class)
class OpenTelemetryBaggageTest {

    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    private static final TextMapGetter<List<String>> HEADERS = new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // deprecated, but abstract
        public Iterable<String> keys(List<String> headers) {
            return List.of("baggage");
        }

        @Override
        public String get(List<String> headers, String key) {
            return headers.isEmpty() ? null : headers.get(0);
        }

        @Override
        public Iterator<String> getAll(List<String> headers, String key) {
            return headers.iterator();
        }
    };

    private final ContextBaggage ours = ContextBaggage.builder().member("tenant", TENANT).build();

    private static Baggage theirs(String... headers) {
        return Baggage.fromContext(
                W3CBaggagePropagator.getInstance().extract(Context.root(), List.of(headers), HEADERS));
    }

    private static String written(Baggage baggage) {
        Map<String, String> headers = new HashMap<>();
        W3CBaggagePropagator.getInstance().inject(Context.root().with(baggage), headers, Map::put);
        return headers.get("baggage");
    }

    private String written(Bindings bindings) {
        Map<String, String> headers = new HashMap<>();
        bindings.run(() -> ours.inject(headers::put));
        return headers.get("baggage");
    }

    @Test
    void anyValueArrivesBothWays() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            String value = random.ints(random.nextInt(20), 0, i % 2 == 0 ? 0x80 : 0xD800)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            String fromUs = written(ScopedContext.where(TENANT, value));
            assertThat(theirs(fromUs).getEntryValue("tenant")).as("seed %d", seed).isEqualTo(value);
            String fromThem = written(Baggage.builder().put("tenant", value).build());
            assertThat(ours.extract(name -> List.of(fromThem)).get(TENANT)).as("seed %d", seed).isEqualTo(value);
        }
    }

    @Test
    void theirsReadsTheExamplesOfTheStandardToo() {
        assertThat(theirs("key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue")
                .size()).isEqualTo(3);
        assertThat(theirs("userId =   alice", "serverNode = DF%2028, isProduction = false").getEntryValue("serverNode"))
                .isEqualTo("DF 28");
    }

    @Test
    void theirsTakesAPartOfAValueForTheWhole() {
        assertThat(theirs("tenant=acme%4").getEntryValue("tenant")).isEqualTo("acme");
        assertThat(ours.extract(name -> List.of("tenant=acme%4"))).hasToString("[]");
    }

    @Test
    void theirsDropsAWholeHeaderThatIsTooLong() {
        String header = "tenant=acme,long=" + "x".repeat(8192);
        assertThat(theirs(header).isEmpty()).isTrue();
        assertThat(ours.extract(name -> List.of(header)).get(TENANT)).isEqualTo("acme");
    }

    @Test
    void theirsSendsOnWhatIsNoBaggage() {
        assertThat(written(theirs("vendor=1;p=a b,other=2;a(b"))).contains("p=a b").contains("a(b");
        assertThat(written(ours.extract(name -> List.of("vendor=1;p=a b,other=2;a(b")))).isNull();
    }

    @Test
    void theirsWritesAKeyThatIsTwoMembers() {
        assertThat(written(Baggage.builder().put("a=1,tenant", "acme").build())).isEqualTo("a=1,tenant=acme");
    }

    @Test
    void theirsFailsTheRequestForHalfACharacter() {
        Baggage half = Baggage.builder().put("tenant", "\ud83d").build();
        assertThatThrownBy(() -> written(half)).isInstanceOf(IllegalArgumentException.class);
        assertThat(written(ScopedContext.where(TENANT, "\ud83d"))).isEqualTo("tenant=%EF%BF%BD");
    }

    @Test
    void theirsKeepsNeitherTheOrderNorWhatComesTwice() {
        assertThat(written(theirs("k=1,b=2,a=3,k=4"))).isNotEqualTo("k=1,b=2,a=3,k=4");
        assertThat(written(ours.extract(name -> List.of("k=1,b=2,a=3,k=4")))).isEqualTo("k=1,b=2,a=3,k=4");
    }
}
