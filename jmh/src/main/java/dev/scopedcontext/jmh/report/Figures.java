package dev.scopedcontext.jmh.report;

import java.util.Locale;

/** How figures are written: three digits that count, the error beside them. */
final class Figures {
    private Figures() {
    }

    /** As "1.94 ± 0.04 ns, 16 B"; bytes only where there are any. */
    static String cell(Answer answer) {
        String time = value(answer) + " " + answer.unit();
        return answer.allocated() >= 0.5 ? time + ", " + integer(answer.allocated()) + " B" : time;
    }

    /** As "1.12 ± 0.05". */
    static String ratio(Answer ours, Answer other) {
        double ratio = ours.median() / other.median();
        double error = ratio * Math.hypot(ours.error() / ours.median(), other.error() / other.median());
        return withError(ratio, error);
    }

    private static String value(Answer answer) {
        return answer.unit().equals("B")
                ? withError(answer.median(), answer.error(), 0)
                : withError(answer.median(), answer.error());
    }

    private static String withError(double value, double error) {
        return withError(value, error, value < 10 ? 2 : value < 100 ? 1 : 0);
    }

    private static String withError(double value, double error, int digits) {
        String text = decimal(value, digits);
        return Double.isNaN(error) || error == 0 ? text : text + " ± " + decimal(error, digits);
    }

    private static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    private static String integer(double value) {
        return decimal(value, 0);
    }
}
