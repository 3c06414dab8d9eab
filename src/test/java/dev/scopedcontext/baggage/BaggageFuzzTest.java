package dev.scopedcontext.baggage;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random and hostile headers against a model, which is the standard's grammar as a regular expression. Each failure
 * names its seed; {@code -Dbaggage.seed} repeats it.
 */
@Tag("slow")
@ExtendWith(CleanThread.class)
@Tag("once")
class BaggageFuzzTest {

    private static final int HEADERS = 100_000;
    private static final int VALUES = 50_000;

    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]++";
    private static final String OCTET = "[\\x21\\x23\\x24\\x26-\\x2B\\x2D-\\x3A\\x3C-\\x5B\\x5D-\\x7E]";
    private static final String VALUE = "(?:" + OCTET + "|%[0-9A-Fa-f]{2})*+";
    private static final String OWS = "[ \\t]*+";
    private static final Pattern MEMBER = Pattern.compile(TOKEN + OWS + "=" + OWS + VALUE + OWS + "(?:;" + OWS + TOKEN
            + OWS + "(?:=" + OWS + VALUE + OWS + ")?+)*+");

    /** What headers are made of: all separators, what looks like a member, and what must not be there. */
    private static final List<String> PARTS = List.of(",", ";", "=", " ", "\t", "%", "\"", "\\", "a", "tenant",
            "tenant=",
            "a=1", "b=2;p", ";p=%41", "%41", "%C3%A9", "%c3", "%F0%9F%98%80", "%80%80", "%25", "%2", "%00", "%zz",
            "\r\n",
            "\u0000", "\u007f", "é", "\ud83d\ude00", "\ud800", "+", "(", "{}", "~", "value", ",,,", "  =  ", "\u2028",
            "\u0660");

    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    private final long seed = Long.getLong("baggage.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final ContextBaggage baggage = ContextBaggage.builder().member("tenant", TENANT).build();

    @Test
    void anyHeaderIsReadAsTheGrammarSaysAndSentOnAsTheGrammarSays() {
        long malformed = 0;
        for (int i = 0; i < HEADERS; i++) {
            List<String> headers = headers();
            Model model = Model.of(headers);
            malformed += model.malformed;
            String what = "seed " + seed + ", input " + i + ": " + headers;
            baggage.extract(name -> headers).run(() -> {
                check(Objects.equals(TENANT.orElse(null), model.tenant), what, "tenant", TENANT.orElse(null));
                baggage.inject((name, sent) -> {
                    check(Arrays.stream(sent.split(",", -1)).allMatch(m -> MEMBER.matcher(m).matches()), what, "sent",
                            sent);
                    check(sent.length() <= 8192 && sent.split(",", -1).length <= 64, what, "limits", sent);
                    check(sent.endsWith(String.join(",", model.foreign)), what, "passed on", sent);
                    check(Objects.equals(TENANT.orElse(null), Model.of(List.of(sent)).tenant), what, "again", sent);
                });
            });
        }
        assertThat(malformed).as("the headers are hostile").isGreaterThan(HEADERS);
        assertThat(baggage.report().malformed()).as("seed %d", seed).isEqualTo(malformed);
    }

    /** Any headers have arrived, and the message that is sent has any others already. */
    @Test
    void anyHeaderThatIsThereIsMergedAsTheGrammarSays() {
        long malformed = 0;
        for (int i = 0; i < HEADERS; i++) {
            List<String> arrived = headers();
            List<String> present = headers();
            Model arrivedModel = Model.of(arrived);
            Model presentModel = Model.of(present);
            malformed += arrivedModel.malformed + presentModel.malformed;
            String tenant = random.nextBoolean() ? "partner" : null;
            String expected = merged(tenant, presentModel, arrivedModel);
            String what = "seed " + seed + ", input " + i + ": " + arrived + " and " + present;
            List<String> sent = new ArrayList<>();
            baggage.extract(name -> arrived).where(TENANT, tenant).run(() -> baggage.inject((name, value) -> {
                check(name.equals("baggage"), what, "name", name);
                sent.add(value);
            }, name -> present));
            check(sent.equals(List.of(expected)), what, "sent instead of " + expected, sent);
            check(expected.isEmpty() || Arrays.stream(expected.split(",", -1)).allMatch(m -> MEMBER.matcher(m)
                    .matches()), what, "sent", sent);
        }
        assertThat(baggage.report().malformed()).as("seed %d", seed).isEqualTo(malformed);
    }

    /** The bound tenant, the members that are there, and those that have arrived and are not there, while they fit. */
    private static String merged(String tenant, Model present, Model arrived) {
        Set<String> names = present.foreign.stream().map(m -> m.substring(0, m.indexOf('='))).collect(toSet());
        List<String> members = new ArrayList<>(tenant == null ? List.of() : List.of("tenant=" + tenant));
        members.addAll(present.foreign);
        arrived.foreign.stream().filter(m -> !names.contains(m.substring(0, m.indexOf('=')))).forEach(members::add);
        List<String> fitting = new ArrayList<>();
        int length = -1;
        for (String member : members) {
            if (fitting.size() < 64 && length + 1 + member.length() <= 8192) {
                fitting.add(member);
                length += 1 + member.length();
            }
        }
        return String.join(",", fitting);
    }

    /** Faster than an assertion that describes itself, whether or not it fails. */
    private static void check(boolean holds, String input, String what, Object was) {
        if (!holds) {
            throw new AssertionError(what + " was " + was + " for " + input);
        }
    }

    @Test
    void anyValueArrivesAsItWas() {
        for (int i = 0; i < VALUES; i++) {
            String value = value();
            List<String> sent = new ArrayList<>();
            ScopedContext.where(TENANT, value).run(() -> baggage.inject((name, header) -> sent.add(header)));
            String arrived = baggage.extract(name -> sent).get(TENANT);
            check(arrived.equals(value), "seed " + seed + ", value " + i + ": " + value, "what arrived", arrived);
        }
        assertThat(baggage.report()).isEqualTo(new BaggageReport(0, 0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "=", " ", "%", "%25", "%C3", "a=1,", "a=1;p", ";p=", "a =\t1 ; p , ", "x",
            "\u0000",
            "\ud83d", "\"", "tenant=%F0%9F%98%80,", "tenant=x;"})
    void theLongestHeaderTakesTimeInProportion(String part) {
        ContextBaggage unlimited = ContextBaggage.builder().member("tenant", TENANT)
                .limits(Integer.MAX_VALUE, Integer.MAX_VALUE).build();
        for (String start : List.of("", "a=", "tenant=1;p=2")) {
            String header = start + part.repeat(1_000_000 / part.length());
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
                unlimited.extract(name -> List.of(header, header)).run(() -> unlimited.inject((name, value) -> {
                }));
                unlimited.extract(name -> List.of(header)).run(() -> unlimited.inject((name, value) -> {
                }, name -> List.of(header, header)));
                baggage.extract(name -> List.of(header, header)).run(() -> baggage.inject((name, value) -> {
                    assertThat(value).hasSizeLessThanOrEqualTo(8192);
                }, name -> List.of(header, header)));
            });
        }
    }

    private List<String> headers() {
        return IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(i -> header()).toList();
    }

    private String header() {
        if (random.nextInt(1000) == 0) {
            String one = header(30);
            return one.repeat(random.nextInt(2000));
        }
        return header(random.nextInt(4) == 0 ? 60 : 8);
    }

    private String header(int most) {
        return random.ints(random.nextInt(most), 0, PARTS.size()).mapToObj(PARTS::get).collect(joining());
    }

    /** Any text that is Unicode. */
    private String value() {
        return random.ints(random.nextInt(20), 0, 4)
                .map(kind -> kind == 0
                        ? random.nextInt(0x80)
                        : random.nextInt(kind == 1 ? 0x800 : 0xD800)
                                + (kind == 3 ? 0x10000 : 0))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    /** What is to be read of some headers. */
    private static final class Model {

        private final List<String> foreign = new ArrayList<>();
        private String tenant;
        private int malformed;
        private int bytes = 8192;
        private int members = 64;

        static Model of(List<String> headers) {
            Model model = new Model();
            headers.forEach(model::read);
            return model;
        }

        private void read(String header) {
            int end = header.length();
            while (end > Math.max(0, bytes)) {
                end = Math.max(0, header.lastIndexOf(',', end - 1));
            }
            String whole = end > bytes ? "" : header.substring(0, end);
            bytes -= whole.length() + 1;
            for (String element : whole.split(",", -1)) {
                String member = element.replaceAll("^[ \t]+|[ \t]+$", "");
                if (!member.isEmpty() && members > 0) {
                    members--;
                    add(member);
                }
            }
        }

        private void add(String member) {
            if (!MEMBER.matcher(member).matches()) {
                malformed++;
                return;
            }
            String text = member.replaceAll("[ \t]", "");
            String name = text.substring(0, text.indexOf('='));
            if (name.equals("tenant")) {
                tenant = decoded(text.substring(text.indexOf('=') + 1).replaceFirst(";.*", ""));
            } else {
                foreign.add(text);
            }
        }

        /** The JDK decodes forms, in which a plus sign is a space. */
        private static String decoded(String value) {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }
}
