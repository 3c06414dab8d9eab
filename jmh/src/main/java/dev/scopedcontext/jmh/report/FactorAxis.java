package dev.scopedcontext.jmh.report;

import java.text.NumberFormat;
import java.util.Collection;
import java.util.Locale;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;

/**
 * An axis on which a distance is a factor, since costs are compared by ratios. What is beyond its low end, as the lower
 * end of a wide error bar may be, is drawn at its end.
 */
final class FactorAxis extends LogAxis {

    /** Up to which factor between its ends there is a tick for each power of two, not ten. */
    private static final double NARROW = 300;

    private static final double NEAR = 6;

    private static final double LEAST = 0.01;

    private FactorAxis(String label, double low, double high) {
        super(label);
        setSmallestValue(low);
        setBase(high / low < NARROW ? 2 : 10);
        setTickUnit(new NumberTickUnit(1));
        setNumberFormatOverride(NumberFormat.getInstance(Locale.ROOT));
        setRange(low, high);
        Look.style(this);
    }

    /** Shows some values whole. */
    static FactorAxis of(String label, Collection<Integer> values) {
        double low = values.stream().mapToInt(v -> v).min().orElseThrow();
        double high = values.stream().mapToInt(v -> v).max().orElseThrow();
        return new FactorAxis(label, low / 1.1, high * 1.1);
    }

    /**
     * Shows costs with their errors, but not more than half of a cost below it. Where they are near each other, it is a
     * plain axis that begins with zero.
     */
    static ValueAxis ofCosts(Collection<Answer> answers) {
        String unit = answers.iterator().next().unit();
        double low = answers.stream().mapToDouble(a -> Math.max(a.low(), a.median() / 2)).map(l -> Math.max(l, LEAST))
                .min().orElseThrow();
        double high = answers.stream().mapToDouble(Answer::high).max().orElseThrow();
        if (high / low > NEAR) {
            return new FactorAxis(unit, low / 1.1, high * 1.1);
        }
        NumberAxis plain = new NumberAxis(unit);
        plain.setRange(0, high * 1.05);
        Look.style(plain);
        return plain;
    }

    @Override
    public double calculateLog(double value) {
        return super.calculateLog(Math.max(value, getSmallestValue()));
    }
}
