package dev.scopedcontext.baggage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The W3C's text, <a href="https://www.w3.org/TR/baggage/">Baggage</a>, rule by rule, with its own examples and those
 * of its test suite. What has been read is looked at by sending it on.
 */
@ExtendWith(CleanThread.class)
class BaggageFormatTest {

    private final ContextBaggage baggage = ContextBaggage.builder().build();

    /** What is sent on of the headers that arrive; null if nothing is. */
    private String passedOn(String... headers) {
        List<String> sent = new ArrayList<>();
        baggage.extract(name -> List.of(headers)).run(() -> baggage.inject((name, value) -> {
            assertThat(name).isEqualTo("baggage");
            sent.add(value);
        }));
        assertThat(sent).hasSizeLessThanOrEqualTo(1);
        return sent.isEmpty() ? null : sent.get(0);
    }

    @Test
    void theExamplesOfTheStandardAreRead() {
        assertThat(passedOn(
                "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue")).isEqualTo(
                        "key1=value1;property1;property2,key2=value2,key3=value3;propertyKey=propertyValue");
        assertThat(passedOn("userId=alice,serverNode=DF%2028,isProduction=false"))
                .isEqualTo("userId=alice,serverNode=DF%2028,isProduction=false");
        assertThat(passedOn("userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false"))
                .isEqualTo("userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false");
        assertThat(passedOn("serverNode=DF%2028")).isEqualTo("serverNode=DF%2028");
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(passedOn("userId=alice", "serverNode=DF%2028,isProduction=false"))
                .isEqualTo("userId=alice,serverNode=DF%2028,isProduction=false");
        assertThat(passedOn("userId =   alice", "serverNode = DF%2028, isProduction = false"))
                .isEqualTo("userId=alice,serverNode=DF%2028,isProduction=false");
    }

    @Test
    void theExamplesOfTheTestSuiteAreRead() {
        assertThat(passedOn("SomeKey \t = \t SomeValue \t ; \t SomeProp \t , \t SomeKey2 \t = \t SomeValue2 \t ; \t "
                + "ValueProp \t = \t PropVal"))
                .isEqualTo("SomeKey=SomeValue;SomeProp,SomeKey2=SomeValue2;ValueProp=PropVal");
        assertThat(passedOn("SomeKey=SomeValue=equals")).isEqualTo("SomeKey=SomeValue=equals");
        assertThat(passedOn("SomeKey \t = \t SomeValue \t ; \t SomeProp \t ; \t SecondProp \t = \t PropValue"))
                .isEqualTo("SomeKey=SomeValue;SomeProp;SecondProp=PropValue");
        assertThat(passedOn("SomeKey=%09%20%22%27%3B%3Dasdf%21%40%23%24%25%5E%26%2A%28%29"))
                .isEqualTo("SomeKey=%09%20%22%27%3B%3Dasdf%21%40%23%24%25%5E%26%2A%28%29");
    }

    @Test
    void everyCharacterThatMayStandInAKeyOrAValueMay() {
        assertThat(passedOn("!#$%&'*+-.^_`|~09azAZ=!#$&'()*+-./0:<=>?@A[]^_`a{|}~"))
                .isEqualTo("!#$%&'*+-.^_`|~09azAZ=!#$&'()*+-./0:<=>?@A[]^_`a{|}~");
        assertThat(passedOn("empty=")).isEqualTo("empty=");
        assertThat(passedOn("empty= ;p=")).isEqualTo("empty=;p=");
    }

    @Test
    void keysTellUpperFromLowerCaseAndMayComeTwiceInTheOrderTheyCame() {
        assertThat(passedOn("b=1,a=2,B=3,b=4")).isEqualTo("b=1,a=2,B=3,b=4");
    }

    @Test
    void emptyMembersAreNone() {
        assertThat(passedOn("")).isNull();
        assertThat(passedOn()).isNull();
        assertThat(passedOn(" ,\t,, ")).isNull();
        assertThat(passedOn(",,a=1,, b=2 ,")).isEqualTo("a=1,b=2");
        assertThat(baggage.report()).isEqualTo(new BaggageReport(0, 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "=1", " =1", "=", "a b=1", "a\u00a0=1", "\u00e9=1", "a(=1", "a\"b=1", "a/b=1", "a:b=1",
            "a;b=1", ";a=1", "a=1 2", "a=1\t2", "a=\"1\"", "a=1\\2", "a=\u00e9", "a=\u0000", "a=\r\n", "a=1\r\nx: y",
            "a=\u007f",
            "a=%", "a=%4", "a=%zz", "a=%4g", "a=1%", "a=%%41", "a=%u0041", "a=1;", "a=1;;p", "a=1;p q", "a=1;=2",
            "a=1;p=2 3", "a=1;p=%zz", "a=1;\"p\"", "a=1;p(", "a=\ud83d\ude00", "a=\uff05\uff14\uff11"})
    void aMalformedMemberIsDroppedAloneAndCounted(String malformed) {
        assertThat(passedOn(malformed)).isNull();
        assertThat(baggage.report()).isEqualTo(new BaggageReport(1, 0, 0, 0));
        assertThat(passedOn("before=1," + malformed + ",after=2")).isEqualTo("before=1,after=2");
        assertThat(passedOn("before=1", malformed, "after=2")).isEqualTo("before=1,after=2");
        assertThat(baggage.report()).isEqualTo(new BaggageReport(3, 0, 0, 0));
    }

    @Test
    void sixtyFourMembersArePassedOnAndNoMore() {
        assertThat(passedOn(numbered(64))).isEqualTo(numbered(64));
        assertThat(baggage.report().beyondLimits()).isZero();
        assertThat(passedOn(numbered(65))).isEqualTo(numbered(64));
        assertThat(passedOn(numbered(64), "one=more", "and=another")).isEqualTo(numbered(64));
        assertThat(baggage.report()).as("once for each message").isEqualTo(new BaggageReport(0, 2, 0, 0));
    }

    @Test
    void eightThousandBytesArePassedOnAndNoMemberInPart() {
        String longest = "a=" + "0123456789".repeat(819);
        assertThat(longest).hasSize(8192);
        assertThat(passedOn(longest)).isEqualTo(longest);
        assertThat(passedOn(longest, "")).isEqualTo(longest);
        String many = IntStream.range(0, 512).mapToObj(i -> String.format("%03d=0123456789a", i))
                .collect(Collectors.joining(",")) + "b";
        assertThat(many).hasSize(8192);
        ContextBaggage roomy = ContextBaggage.builder().limits(512, 8192).build();
        List<String> sent = new ArrayList<>();
        roomy.extract(name -> List.of(many)).run(() -> roomy.inject((name, value) -> sent.add(value)));
        assertThat(sent).containsExactly(many);
        assertThat(baggage.report().beyondLimits()).isZero();

        assertThat(passedOn(longest + "x")).isNull();
        assertThat(passedOn("b=1," + longest)).isEqualTo("b=1");
        assertThat(passedOn("b=1", longest, "c=2")).isEqualTo("b=1,c=2");
        assertThat(passedOn("b=" + "x".repeat(4093) + ",c=" + "x".repeat(4094))).hasSize(8192);
        assertThat(baggage.report()).isEqualTo(new BaggageReport(0, 3, 0, 0));
        assertThat(passedOn("b=" + "x".repeat(4093) + ",c=" + "x".repeat(4095))).hasSize(4095);
        assertThat(passedOn("b=" + "x".repeat(4093), "c=" + "x".repeat(4095))).hasSize(4095);
        assertThat(baggage.report()).isEqualTo(new BaggageReport(0, 5, 0, 0));
    }

    private static String numbered(int members) {
        return IntStream.range(0, members).mapToObj(i -> "key" + i + "=value").collect(Collectors.joining(","));
    }
}
