package dev.scopedcontext.baggage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Declared keys are sent and bound where they arrive; what cannot be is left out and counted. */
@ExtendWith(CleanThread.class)
class ContextBaggageTest {

    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<Integer> ATTEMPT = ContextKey.withDefault("attempt", 1);
    private static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");

    private static final BaggageReport NOTHING_LEFT_OUT = new BaggageReport(0, 0, 0, 0);

    private final ContextBaggage baggage = ContextBaggage.builder().member("tenant", TENANT)
            .member("attempt", ATTEMPT, String::valueOf, Integer::valueOf).header("X-Request-Id", REQUEST_ID).build();

    private static Map<String, String> sent(ContextBaggage baggage, Bindings bindings) {
        Map<String, String> headers = new LinkedHashMap<>();
        bindings.run(() -> baggage.inject(headers::put));
        return headers;
    }

    private static Bindings received(ContextBaggage baggage, Map<String, String> headers) {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return baggage.extract(all::get);
    }

    private Bindings received(String members) {
        return received(baggage, Map.of("baggage", members));
    }

    private static Bindings tenant(String name) {
        return ScopedContext.where(TENANT, name);
    }

    @Test
    void whatIsBoundIsBoundWhereItArrives() {
        Map<String, String> headers = sent(baggage, tenant("Amélie & 100 % + 😀").where(ATTEMPT, 3)
                .where(REQUEST_ID, "4711"));
        assertThat(headers).containsExactly(
                Map.entry("baggage", "tenant=Am%C3%A9lie%20&%20100%20%25%20%2B%20%F0%9F%98%80,attempt=3"),
                Map.entry("X-Request-Id", "4711"));
        received(baggage, headers).run(() -> {
            assertThat(TENANT.get()).isEqualTo("Amélie & 100 % + 😀");
            assertThat(ATTEMPT.orElse(null)).isEqualTo(3);
            assertThat(REQUEST_ID.get()).isEqualTo("4711");
        });
        assertThat(baggage.report()).isEqualTo(NOTHING_LEFT_OUT);
    }

    @Test
    void whatIsNotBoundIsNotSentAndNeitherAreNullAndDefaults() {
        Map<String, String> headers = new LinkedHashMap<>();
        baggage.inject(headers::put);
        assertThat(headers).isEmpty();
        assertThat(sent(baggage, tenant(null))).isEmpty();
        assertThat(baggage.report()).isEqualTo(NOTHING_LEFT_OUT);
    }

    @Test
    void whatDoesNotArriveIsNotBoundAndLeavesWhatIsAround() {
        Bindings nothing = baggage.extract(name -> null);
        nothing.run(() -> assertThat(TENANT.isBound()).isFalse());
        tenant("around").run(() -> nothing.run(() -> assertThat(TENANT.get()).isEqualTo("around")));
        assertThat(nothing).hasToString("[]");
    }

    @Test
    void whatIsNotDeclaredIsNotBoundButPassedOnAfterWhatIs() {
        Bindings arrived = received("vendor=x;ttl=5,tenant=acme;p=1,other=y");
        assertThat(sent(baggage, arrived)).containsExactly(Map.entry("baggage", "tenant=acme,vendor=x;ttl=5,other=y"));
        assertThat(sent(baggage, arrived.where(TENANT, "other"))).as("bound anew").containsExactly(
                Map.entry("baggage", "tenant=other,vendor=x;ttl=5,other=y"));
        ContextBaggage another = ContextBaggage.builder().member("vendor", REQUEST_ID).build();
        assertThat(sent(another, arrived)).as("of another declaration").isEmpty();
    }

    @Test
    void declaredOnlyDropsTheRest() {
        ContextBaggage edge = ContextBaggage.builder().member("tenant", TENANT).declaredOnly().build();
        Bindings arrived = received(edge, Map.of("baggage", "vendor=x,tenant=acme"));
        assertThat(sent(edge, arrived)).containsExactly(Map.entry("baggage", "tenant=acme"));
        assertThat(arrived).hasToString("[tenant]");
        assertThat(edge.report()).isEqualTo(NOTHING_LEFT_OUT);
    }

    @Test
    void ofTwoMembersWithOneNameTheLastCounts() {
        assertThat(received("tenant=a,tenant=b").get(TENANT)).isEqualTo("b");
        assertThat(received("tenant=a,tenant=%zz").get(TENANT)).as("the last that is one").isEqualTo("a");
    }

    @Test
    void aValueThatIsRefusedIsNotBoundNorPassedOnAndIsCounted() {
        Bindings arrived = received("attempt=many,tenant=acme");
        arrived.run(() -> {
            assertThat(ATTEMPT.isBound()).isFalse();
            assertThat(TENANT.get()).isEqualTo("acme");
        });
        assertThat(sent(baggage, arrived)).containsExactly(Map.entry("baggage", "tenant=acme"));
        assertThat(baggage.report()).isEqualTo(new BaggageReport(0, 0, 1, 0));

        ContextBaggage picky = ContextBaggage.builder().member("tenant", TENANT, text -> text, text -> null).build();
        assertThat(received(picky, Map.of("baggage", "tenant=a"))).hasToString("[]");
        assertThat(picky.report()).isEqualTo(new BaggageReport(0, 0, 1, 0));
    }

    @Test
    void aCheckedExceptionIsARefusalToo() {
        ContextBaggage checking = ContextBaggage.builder()
                .member("tenant", TENANT, text -> text, text -> refuse(new IOException(text)))
                .build();
        assertThat(received(checking, Map.of("baggage", "tenant=a"))).hasToString("[]");
        assertThat(checking.report()).isEqualTo(new BaggageReport(0, 0, 1, 0));
    }

    /** Throws what Java would have declared, as functions of other languages do. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> String refuse(Throwable refusal) throws X {
        throw (X) refusal;
    }

    @Test
    void anErrorOfTheFunctionThatReadsIsNotSwallowed() {
        ContextBaggage broken = ContextBaggage.builder().member("tenant", TENANT, text -> text, text -> {
            throw new NoClassDefFoundError("Tenant");
        }).build();
        assertThatThrownBy(() -> received(broken, Map.of("baggage", "tenant=a")))
                .isInstanceOf(NoClassDefFoundError.class).hasMessage("Tenant");
    }

    @Test
    void aValueThatNeedsMoreStackThanThereIsIsUnreadable() {
        ContextBaggage deep = ContextBaggage.builder()
                .member("tenant", TENANT, text -> text, text -> text.matches("(a|b)*") ? text : null).build();
        received(deep, Map.of("baggage", "tenant=" + "a".repeat(8_000)))
                .run(() -> assertThat(TENANT.isBound()).isFalse());
        assertThat(deep.report().unreadable()).isEqualTo(1);
    }

    @Test
    void aFailureToWriteIsThrownAndNoHeaderIsSet() {
        ContextBaggage broken = ContextBaggage.builder().member("tenant", TENANT).header("id", REQUEST_ID, id -> {
            throw new IllegalStateException("no ids today");
        }, id -> id).build();
        List<String> headers = new ArrayList<>();
        assertThatThrownBy(() -> tenant("acme").where(REQUEST_ID, "1")
                .run(() -> broken.inject((name, value) -> headers.add(name))))
                .isInstanceOf(IllegalStateException.class).hasMessage("no ids today");
        assertThat(headers).isEmpty();
    }

    @Test
    void aWriterMayHoldBack() {
        ContextBaggage shy = ContextBaggage.builder().member("tenant", TENANT, text -> null, text -> text)
                .header("tenant", TENANT, text -> null, text -> text).build();
        assertThat(sent(shy, tenant("acme"))).isEmpty();
        assertThat(shy.report()).isEqualTo(NOTHING_LEFT_OUT);
    }

    @Test
    void noValueCanAddAMemberOrAHeader() {
        String hostile = "a,evil=1;p=2\r\nEvil: 3\u0000\u0085\u2028\\\"\t";
        Map<String, String> headers = sent(baggage, tenant(hostile).where(REQUEST_ID, hostile));
        assertThat(headers).containsExactly(
                Map.entry("baggage", "tenant=a%2Cevil=1%3Bp=2%0D%0AEvil:%203%00%C2%85%E2%80%A8%5C%22%09"));
        assertThat(received(baggage, headers).get(TENANT)).isEqualTo(hostile);
        assertThat(baggage.report()).as("the header of its own cannot have it")
                .isEqualTo(new BaggageReport(0, 0, 0, 1));
    }

    @Test
    void whatIsNotUnicodeIsReplaced() {
        assertThat(sent(baggage, tenant("\ud83d a \ude00"))).containsExactly(
                Map.entry("baggage", "tenant=%EF%BF%BD%20a%20%EF%BF%BD"));
        assertThat(received("tenant=%FFa%C3%28%f0%9f%98").get(TENANT)).isEqualTo("\uFFFDa\uFFFD(\uFFFD");
        assertThat(received("tenant=%C0%AF").get(TENANT)).as("overlong").isEqualTo("\uFFFD\uFFFD");
    }

    @Test
    void aPlusSignIsNoSpace() {
        assertThat(received("tenant=a+b").get(TENANT)).isEqualTo("a+b");
    }

    @Test
    void aHeaderOfItsOwnHoldsVisibleTextOnly() {
        for (String text : List.of("plain", "with spaces, and;punctuation=\"", "")) {
            Map<String, String> headers = sent(baggage, ScopedContext.where(REQUEST_ID, text));
            assertThat(headers).containsExactly(Map.entry("X-Request-Id", text));
            assertThat(received(baggage, headers).get(REQUEST_ID)).isEqualTo(text);
        }
        for (String text : List.of("a\r\nb", "a\nb", "\t", "é", " a", "a ", "\u007f")) {
            assertThat(sent(baggage, ScopedContext.where(REQUEST_ID, text))).isEmpty();
        }
        assertThat(baggage.report()).isEqualTo(new BaggageReport(0, 0, 0, 7));
        for (String text : List.of("a\r\nb", "a\tb", "é", "\u0000")) {
            assertThat(received(baggage, Map.of("x-request-id", text))).hasToString("[]");
        }
        assertThat(received(baggage, Map.of("x-request-id", " \t4711 ")).get(REQUEST_ID)).isEqualTo("4711");
        assertThat(baggage.report()).isEqualTo(new BaggageReport(4, 0, 0, 7));
    }

    @Test
    void aHeaderOfItsOwnThatComesTwiceIsDropped() {
        Bindings arrived = baggage.extract(name -> name.equals("X-Request-Id") ? List.of("1", "1") : List.of());
        assertThat(arrived).hasToString("[]");
        assertThat(baggage.report()).isEqualTo(new BaggageReport(1, 0, 0, 0));
    }

    @Test
    void whatIsBeyondTheLimitsIsLeftOutWhole() {
        ContextBaggage small = ContextBaggage.builder().member("tenant", TENANT)
                .member("attempt", ATTEMPT, String::valueOf, Integer::valueOf).header("id", REQUEST_ID).limits(2, 20)
                .build();
        assertThat(sent(small, tenant("x".repeat(13)))).containsValue("tenant=" + "x".repeat(13));
        assertThat(small.report()).isEqualTo(NOTHING_LEFT_OUT);
        assertThat(sent(small, tenant("x".repeat(14)).where(ATTEMPT, 3))).containsExactly(
                Map.entry("baggage", "attempt=3"));
        assertThat(sent(small, tenant("é,é,é"))).as("when encoded").isEmpty();
        assertThat(sent(small, ScopedContext.where(REQUEST_ID, "x".repeat(21)))).isEmpty();
        assertThat(small.report()).isEqualTo(new BaggageReport(0, 3, 0, 0));
        assertThat(received(small, Map.of("id", "x".repeat(21)))).hasToString("[]");
        assertThat(received(small, Map.of("id", "x".repeat(20)))).hasToString("[id]".replace("id", "request id"));
        assertThat(small.report()).isEqualTo(new BaggageReport(0, 4, 0, 0));
        Bindings arrived = received(small, Map.of("baggage", "a=1,b=2,tenant=x"));
        assertThat(sent(small, arrived.where(TENANT, "acme"))).as("declared members first").containsExactly(
                Map.entry("baggage", "tenant=acme,a=1"));
        assertThat(small.report()).isEqualTo(new BaggageReport(0, 6, 0, 0));
    }

    @Test
    void whatHasArrivedIsHandedOverAsAllElseIs() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            ExecutorService executor = ContextExecutors.propagating(pool);
            Map<String, String> headers = received("tenant=acme,vendor=x").call(() -> executor.submit(() -> {
                Map<String, String> set = new LinkedHashMap<>();
                baggage.inject(set::put);
                return set;
            })).get();
            assertThat(headers).containsExactly(Map.entry("baggage", "tenant=acme,vendor=x"));
            ContextSnapshot snapshot = received("tenant=acme").call(ScopedContext::capture);
            assertThat(snapshot.get(TENANT)).isEqualTo("acme");
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void failuresOfTheCarrierArePassedOn() {
        assertThatThrownBy(() -> baggage.extract(name -> {
            throw new IllegalStateException("closed");
        })).isInstanceOf(IllegalStateException.class).hasMessage("closed");
        assertThatThrownBy(() -> tenant("acme").run(() -> baggage.inject((name, value) -> {
            throw new IllegalArgumentException("restricted: " + name);
        }))).isInstanceOf(IllegalArgumentException.class).hasMessage("restricted: baggage");
    }

    @Test
    void namesMustBeTokensAndDifferent() {
        for (String name : List.of("", "a b", "a=b", "a,b", "a;b", "é", "a\r\n", "a:", "\"a\"")) {
            assertThatThrownBy(() -> ContextBaggage.builder().member(name, TENANT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("\"" + name + "\" cannot be a name on the wire: use letters, digits and"
                            + " !#$%&'*+-.^_`|~, and at least one of them");
            assertThatThrownBy(() -> ContextBaggage.builder().header(name, TENANT))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> ContextBaggage.builder().member("a", TENANT).member("a", REQUEST_ID))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(
                        "\"a\" is already the name of ContextKey[tenant]: give ContextKey[request id] another one");
        assertThatThrownBy(() -> ContextBaggage.builder().header("Id", TENANT).header("iD", REQUEST_ID))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(
                        "\"Id\" is already the name of ContextKey[tenant]: give ContextKey[request id] another one");
        assertThatThrownBy(() -> ContextBaggage.builder().header("Baggage", TENANT))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(
                        "The header \"Baggage\" holds the members: declare the key with member(...)");
        assertThat(ContextBaggage.builder().member("a", TENANT).member("A", REQUEST_ID).header("a", TENANT).build())
                .hasToString("ContextBaggage[members [a, A], headers [a]]");
    }

    @Test
    void limitsMustBePositive() {
        assertThatThrownBy(() -> ContextBaggage.builder().limits(0, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limits(0, 1): at least one member and one byte must be allowed");
        assertThatThrownBy(() -> ContextBaggage.builder().limits(1, -1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limits(1, -1): at least one member and one byte must be allowed");
    }

    @Test
    void aBuilderThatGoesOnChangesNothingThatIsBuilt() {
        ContextBaggage.Builder builder = ContextBaggage.builder().member("a", TENANT);
        ContextBaggage built = builder.build();
        builder.member("b", REQUEST_ID);
        assertThat(built).hasToString("ContextBaggage[members [a], headers []]");
    }

    @Test
    void nullIsRefused() {
        ContextBaggage.Builder builder = ContextBaggage.builder();
        assertThatThrownBy(() -> builder.member(null, TENANT)).isInstanceOf(NullPointerException.class)
                .hasMessage("name");
        assertThatThrownBy(() -> builder.member("a", null)).isInstanceOf(NullPointerException.class).hasMessage("key");
        assertThatThrownBy(() -> builder.member("a", TENANT, null, text -> text))
                .isInstanceOf(NullPointerException.class).hasMessage("write");
        assertThatThrownBy(() -> builder.header("a", TENANT, text -> text, null))
                .isInstanceOf(NullPointerException.class).hasMessage("read");
        assertThatThrownBy(() -> baggage.inject(null)).isInstanceOf(NullPointerException.class).hasMessage("setter");
        assertThatThrownBy(() -> baggage.extract(null)).isInstanceOf(NullPointerException.class).hasMessage("headers");
        Bindings arrived = baggage.extract(name -> Collections.singletonList(null));
        assertThat(arrived).as("a carrier that has a header without a value").hasToString("[]");
    }
}
