package dev.scopedcontext.baggage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The declaration decides on its own members of a header that is there, and the other members stay. */
@ExtendWith(CleanThread.class)
class InjectMergeTest {

    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<String> LOCALE = ContextKey.named("locale");
    private static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");

    private static final BaggageReport NOTHING_LEFT_OUT = new BaggageReport(0, 0, 0, 0);

    private final ContextBaggage baggage = ContextBaggage.builder().member("tenant", TENANT).member("locale", LOCALE)
            .header("x-request-id", REQUEST_ID).build();

    /** Returns the headers that are set on a message with some {@code baggage} headers. */
    private static Map<String, String> set(ContextBaggage baggage, Bindings bindings, String... present) {
        Map<String, String> headers = new LinkedHashMap<>();
        bindings.run(() -> baggage.inject(headers::put, name -> {
            assertThat(name).isEqualTo("baggage");
            return Arrays.asList(present);
        }));
        return headers;
    }

    private String merged(Bindings bindings, String... present) {
        return set(baggage, bindings, present).get("baggage");
    }

    private Bindings arrived(String header) {
        return baggage.extract(name -> name.equals("baggage") ? List.of(header) : null);
    }

    private static Bindings tenant(String name) {
        return ScopedContext.where(TENANT, name);
    }

    @Test
    void theBoundValueReplacesTheMemberThatIsThere() {
        assertThat(merged(tenant("partner"), "tenant=acme")).isEqualTo("tenant=partner");
        assertThat(merged(tenant("partner"), "tenant=acme;p=1,tenant=other")).isEqualTo("tenant=partner");
        assertThat(merged(tenant("partner"), "Tenant=acme")).as("names are case-sensitive")
                .isEqualTo("tenant=partner,Tenant=acme");
    }

    @Test
    void otherMembersStayInOrderWithTheirProperties() {
        assertThat(merged(tenant("partner"), "b=2;p;q=%41, tenant = acme , a = 1 ; r = 2,b=3"))
                .isEqualTo("tenant=partner,b=2;p;q=%41,a=1;r=2,b=3");
        assertThat(merged(ScopedContext.without(), "b=2;p")).as("nothing is bound").isEqualTo("b=2;p");
        assertThat(baggage.report()).isEqualTo(NOTHING_LEFT_OUT);
    }

    @Test
    void severalHeadersBecomeOne() {
        assertThat(merged(tenant("partner"), "a=1", "", "tenant=acme", "b=2")).isEqualTo("tenant=partner,a=1,b=2");
    }

    @Test
    void aDeclaredMemberWhoseKeyIsUnboundOrNullIsRemoved() {
        assertThat(merged(ScopedContext.without(), "tenant=acme,a=1,locale=fr")).isEqualTo("a=1");
        assertThat(merged(tenant(null), "tenant=acme,a=1")).isEqualTo("a=1");
        assertThat(merged(arrived("tenant=acme,a=1").without(TENANT), "tenant=acme,a=1")).isEqualTo("a=1");
        assertThat(baggage.report()).isEqualTo(NOTHING_LEFT_OUT);
    }

    @Test
    void aDeclaredMemberIsRemovedIfTheBoundValueIsNotWritten() {
        ContextBaggage shy = ContextBaggage.builder().member("tenant", TENANT, text -> null, text -> text).limits(9, 24)
                .member("locale", LOCALE).build();
        Bindings both = tenant("partner").where(LOCALE, "x".repeat(24));
        assertThat(set(shy, both, "tenant=acme,locale=y,a=1")).containsExactly(Map.entry("baggage", "a=1"));
        assertThat(shy.report()).isEqualTo(new BaggageReport(0, 1, 0, 0));
    }

    @Test
    void aHeaderOfWhichNothingRemainsIsSetToTheEmptyText() {
        assertThat(set(baggage, ScopedContext.without(), "tenant=acme")).containsExactly(Map.entry("baggage", ""));
        assertThat(set(baggage, ScopedContext.without(), "\r\n")).containsExactly(Map.entry("baggage", ""));
        assertThat(arrived("")).as("which is read as no baggage").hasToString("[]");
        assertThat(baggage.report()).isEqualTo(new BaggageReport(1, 0, 0, 0));
    }

    @Test
    void aMessageWithoutBaggageIsWrittenAsIfNothingWereAsked() {
        Bindings bindings = arrived("a=1").where(TENANT, "acme").where(REQUEST_ID, "4711");
        assertThat(set(baggage, bindings)).containsExactly(Map.entry("baggage", "tenant=acme,a=1"),
                Map.entry("x-request-id", "4711"));
        assertThat(set(baggage, ScopedContext.without())).isEmpty();
        assertThat(set(baggage, tenant("acme"), (String) null)).containsExactly(Map.entry("baggage", "tenant=acme"));
        assertThat(set(baggage, ScopedContext.without(), (String) null)).isEmpty();
        Map<String, String> headers = new LinkedHashMap<>();
        tenant("acme").run(() -> baggage.inject(headers::put, name -> null));
        assertThat(headers).containsExactly(Map.entry("baggage", "tenant=acme"));
    }

    @Test
    void aMemberThatIsThereIsNotPassedOnASecondTime() {
        Bindings arrived = arrived("a=1;p,tenant=acme,b=2,a=3,c=4");
        assertThat(merged(arrived, "a=1;p,tenant=acme,b=changed")).isEqualTo("tenant=acme,a=1;p,b=changed,c=4");
        assertThat(merged(arrived.where(TENANT, "partner"), "d=5")).isEqualTo("tenant=partner,d=5,a=1;p,b=2,a=3,c=4");
    }

    @Test
    void aSecondInjectionChangesNothing() {
        Bindings arrived = arrived("a=1;p,b=2").where(TENANT, "partner");
        String once = merged(arrived);
        assertThat(once).isEqualTo("tenant=partner,a=1;p,b=2");
        assertThat(merged(arrived, once)).isEqualTo(once);
    }

    @Test
    void twoDeclarationsShareAHeader() {
        ContextBaggage another = ContextBaggage.builder().member("locale", LOCALE).build();
        ContextBaggage first = ContextBaggage.builder().member("tenant", TENANT).build();
        Map<String, String> headers = new LinkedHashMap<>();
        tenant("acme").where(LOCALE, "fr").run(() -> {
            first.inject(headers::put);
            another.inject(headers::put, name -> List.of(headers.get(name)));
        });
        assertThat(headers).containsExactly(Map.entry("baggage", "locale=fr,tenant=acme"));
    }

    @Test
    void declaredOnlyRemovesTheRest() {
        ContextBaggage edge = ContextBaggage.builder().member("tenant", TENANT).declaredOnly().build();
        assertThat(set(edge, tenant("partner"), "a=1,tenant=acme")).containsExactly(
                Map.entry("baggage", "tenant=partner"));
        assertThat(set(edge, ScopedContext.without(), "a=1,tenant=acme")).containsExactly(Map.entry("baggage", ""));
        assertThat(edge.report()).isEqualTo(NOTHING_LEFT_OUT);
    }

    @Test
    void whatIsMalformedIsLeftOutAndCounted() {
        assertThat(merged(tenant("partner"), "tenant=%,a=1;p=a b,b=2,\r\nEvil: 3,c,=d,e=\"5\""))
                .isEqualTo("tenant=partner,b=2");
        assertThat(baggage.report()).isEqualTo(new BaggageReport(6, 0, 0, 0));
    }

    @Test
    void theLimitsHoldForTheMergedHeaderAndAMessageIsCountedOnce() {
        ContextBaggage small = ContextBaggage.builder().member("tenant", TENANT).limits(3, 30).build();
        Bindings arrived = small.extract(name -> List.of("c=3")).where(TENANT, "acme");
        assertThat(set(small, arrived, "tenant=old,a=1")).containsExactly(Map.entry("baggage", "tenant=acme,a=1,c=3"));
        assertThat(small.report()).isEqualTo(NOTHING_LEFT_OUT);
        assertThat(set(small, arrived, "a=1,b=2")).containsExactly(Map.entry("baggage", "tenant=acme,a=1,b=2"));
        assertThat(small.report()).as("no place for what is passed on").isEqualTo(new BaggageReport(0, 1, 0, 0));
        assertThat(set(small, arrived, "a=1,b=2,d=4,e=5")).as("neither read nor written whole").containsExactly(
                Map.entry("baggage", "tenant=acme,a=1,b=2"));
        assertThat(small.report()).isEqualTo(new BaggageReport(0, 2, 0, 0));
        assertThat(set(small, tenant("acme"), "a=" + "x".repeat(17))).containsExactly(
                Map.entry("baggage", "tenant=acme"));
        assertThat(set(small, tenant("acme"), "a=" + "x".repeat(16))).containsExactly(
                Map.entry("baggage", "tenant=acme,a=" + "x".repeat(16)));
        assertThat(small.report()).isEqualTo(new BaggageReport(0, 3, 0, 0));
    }

    @Test
    void aHeaderOfItsOwnIsNotMerged() {
        Map<String, String> headers = set(baggage, ScopedContext.where(REQUEST_ID, "4711"), "a=1");
        assertThat(headers).containsExactly(Map.entry("baggage", "a=1"), Map.entry("x-request-id", "4711"));
    }

    @Test
    void failuresOfTheMessageAreThrownOnAndNoHeaderIsSet() {
        List<String> headers = new ArrayList<>();
        assertThatThrownBy(() -> tenant("acme").run(() -> baggage.inject((name, value) -> headers.add(name), name -> {
            throw new IllegalStateException("closed");
        }))).isInstanceOf(IllegalStateException.class).hasMessage("closed");
        ContextBaggage broken = ContextBaggage.builder().member("tenant", TENANT, text -> {
            throw new IllegalStateException("no tenants today");
        }, text -> text).build();
        assertThatThrownBy(() -> tenant("acme")
                .run(() -> broken.inject((name, value) -> headers.add(name), name -> List.of("%"))))
                .isInstanceOf(IllegalStateException.class).hasMessage("no tenants today");
        assertThat(headers).isEmpty();
    }

    @Test
    void nullIsRefused() {
        assertThatThrownBy(() -> baggage.inject(null, name -> null)).isInstanceOf(NullPointerException.class)
                .hasMessage("setter");
        assertThatThrownBy(() -> baggage.inject((name, value) -> {
        }, null)).isInstanceOf(NullPointerException.class).hasMessage("headers");
    }
}
