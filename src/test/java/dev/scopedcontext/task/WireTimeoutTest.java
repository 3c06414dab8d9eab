package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A deadline is written as gRPC writes its timeout: as the time that is left. */
class WireTimeoutTest {

    @ParameterizedTest
    @CsvSource({"PT0S, 0n", "PT0.000000001S, 1n", "PT0.099999999S, 99999999n", "PT0.1S, 100000u", "PT1.5S, 1500000u",
            "PT99.9999999S, 99999999u", "PT100S, 100000m", "PT27H46M39.999S, 99999999m", "PT27H46M40S, 100000S",
            "PT27777H46M39S, 99999999S", "PT27777H46M40S, 1666666M", "PT1666666H39M, 99999999M",
            "PT1666667H, 1666667H"})
    void isWrittenInTheFinestUnitThatHasRoom(Duration left, String written) {
        assertThat(WireTimeout.write(left)).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({"0n, PT0S", "1u, PT0.000001S", "1500m, PT1.5S", "2S, PT2S", "00000003M, PT3M", "99999999H, PT99999999H",
            "0H, PT0S"})
    void isReadInEveryUnit(String written, Duration left) {
        assertThat(WireTimeout.read(written)).isEqualTo(left);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n", "5", "-5S", "+5S", "5s", "5 S", " 5S", "5S ", "123456789n", "1.5S", "0x1S",
            "\u0661S",
            "5SS", "1e3m", "H", "999999999999999999999H", "5\u00b5"})
    void whatIsWrittenInAnotherWayIsRefused(String text) {
        assertThatThrownBy(() -> Deadline.ofTimeout(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" is not a timeout: write at most 8 digits and one of H, M, S, m, u, n, as"
                        + " in 1500m for 1500 milliseconds");
    }

    @Test
    void whatIsReadIsNeverLaterAndNotMuchEarlier() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            Duration left = Duration.ofNanos(random.nextLong() >>> (1 + random.nextInt(62)));
            Duration read = WireTimeout.read(WireTimeout.write(left));
            assertThat(read).as("seed %d: %s", seed, left).isLessThanOrEqualTo(left)
                    .isGreaterThanOrEqualTo(left.minus(left.dividedBy(100_000)));
        }
    }

    @Test
    void aDeadlineIsWrittenAsWhatIsLeftOfIt() {
        ManualTicker ticker = new ManualTicker();
        Deadline deadline = Deadline.after(ticker, Duration.ofMillis(1500));
        assertThat(deadline.toTimeout()).isEqualTo("1500000u");
        ticker.advance(Duration.ofMillis(1450));
        assertThat(deadline.toTimeout()).isEqualTo("50000000n");
        ticker.advance(Duration.ofSeconds(1));
        assertThat(deadline.toTimeout()).isEqualTo("0n");
        assertThat(Deadline.ofTimeout("0n").isExpired()).isTrue();
    }

    @Test
    void whatNeverPassesIsNotWritten() {
        assertThat(Deadline.never().toTimeout()).isNull();
        assertThat(Deadline.ofTimeout("99999999H")).as("11,408 years").hasToString("Deadline[never]");
        assertThat(Deadline.ofTimeout("99999999H").toTimeout()).isNull();
    }

    @Test
    void nullIsRefused() {
        assertThatThrownBy(() -> Deadline.ofTimeout(null)).isInstanceOf(NullPointerException.class)
                .hasMessage("timeout");
    }
}
