package dev.scopedcontext.jmh.report;

import java.util.Locale;

/** Formats numbers: three significant digits or more, with the error. */
final class Figures {
    private static final double MILLION = 1e6;

    private Figures() {
    }

    /** Returns "1.94 ± 0.04 ns, 16 B", with bytes only if there are any. */
    static String cell(Answer answer) {
        String time = value(answer) + " " + answer.unit();
        return answer.allocated() >= 0.5 ? time + ", " + bytes(answer.allocated()) : time;
    }

    /** Returns "1.12 ± 0.05". */
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

    /** Returns "16 B", or "6.36 MB" for a million bytes or more. */
    private static String bytes(double value) {
        double millions = value / MILLION;
        return millions < 1 ? decimal(value, 0) + " B" : decimal(millions, digits(millions)) + " MB";
    }

    private static String withError(double value, double error) {
        return withError(value, error, digits(value));
    }

    private static int digits(double value) {
        return value < 10 ? 2 : value < 100 ? 1 : 0;
    }

    private static String withError(double value, double error, int digits) {
        String text = decimal(value, digits);
        return Double.isNaN(error) || error == 0 ? text : text + " ± " + decimal(error, digits);
    }

    private static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
