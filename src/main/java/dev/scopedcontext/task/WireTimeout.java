package dev.scopedcontext.task;

import java.time.Duration;

/**
 * A time in the format of gRPC's {@code grpc-timeout}: one to eight digits and a unit.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP2</a>
 */
final class WireTimeout {

    private static final String UNITS = "numSMH";
    private static final Duration[] LENGTHS = {Duration.ofNanos(1), Duration.ofNanos(1_000), Duration.ofMillis(1),
            Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1)};

    private static final int MOST = 99_999_999;

    private WireTimeout() {
    }

    /**
     * Writes a time in the finest unit that has room for it. It is rounded down, so the receiver's deadline is not
     * later.
     */
    static String write(Duration time) {
        int unit = 0;
        while (time.dividedBy(LENGTHS[unit]) > MOST) {
            unit++;
        }
        return time.dividedBy(LENGTHS[unit]) + UNITS.substring(unit, unit + 1);
    }

    static Duration read(String text) {
        int last = text.length() - 1;
        int unit = last < 1 || last > 8 ? -1 : UNITS.indexOf(text.charAt(last));
        if (unit < 0 || !text.chars().limit(last).allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("\"" + text + "\" is not a timeout: write at most 8 digits and one of"
                    + " H, M, S, m, u, n, as in 1500m for 1500 milliseconds");
        }
        return LENGTHS[unit].multipliedBy(Integer.parseInt(text, 0, last, 10));
    }
}
