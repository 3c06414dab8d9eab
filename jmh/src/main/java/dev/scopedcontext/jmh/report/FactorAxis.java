package dev.scopedcontext.jmh.report;

import java.text.NumberFormat;
import java.util.Collection;
import java.util.Locale;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;

/**
 * A logarithmic axis, since costs are compared by ratios. A value below its low end is drawn at the end, such as the
 * lower end of a wide error bar.
 */
final class FactorAxis extends LogAxis {

    /** The ratio of its ends up to which there is a tick for each power of two, instead of ten. */
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

    /** Fits the axis to some values. */
    static FactorAxis of(String label, Collection<Integer> values) {
        double low = values.stream().mapToInt(v -> v).min().orElseThrow();
        double high = values.stream().mapToInt(v -> v).max().orElseThrow();
        return new FactorAxis(label, low / 1.1, high * 1.1);
    }

    /**
     * Fits the axis to costs and their errors, but to at most half of a cost below it. If they are close together, the
     * axis is linear and begins at zero.
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
