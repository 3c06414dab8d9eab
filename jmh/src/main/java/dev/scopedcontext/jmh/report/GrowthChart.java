package dev.scopedcontext.jmh.report;

import dev.scopedcontext.jmh.peer.Peer;
import java.awt.BasicStroke;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** A chart of the growth of a cost with a parameter, with a line for each peer. */
final class GrowthChart {
    static final int HEIGHT = 420;

    private GrowthChart() {
    }

    static JFreeChart draw(String title, List<Answer> answers, String param) {
        Map<String, YIntervalSeries> lines = new TreeMap<>();
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawYError(true);
        renderer.setDrawXError(false);
        for (Answer answer : answers) {
            YIntervalSeries line = lines.get(answer.peer());
            if (line == null) {
                line = new YIntervalSeries(answer.peer());
                lines.put(answer.peer(), line);
                style(renderer, data.getSeriesCount(), answer.peer());
                data.addSeries(line);
            }
            line.add(answer.params().get(param), answer.median(), answer.low(), answer.high());
        }
        List<Integer> values = answers.stream().map(a -> a.params().get(param)).toList();
        XYPlot plot = new XYPlot(data, FactorAxis.of(param, values), FactorAxis.ofCosts(answers), renderer);
        plot.setRangeGridlinePaint(Look.GRID);
        plot.setDomainGridlinePaint(Look.GRID);
        return Look.chart(title, plot);
    }

    private static void style(XYErrorRenderer renderer, int series, String peer) {
        renderer.setSeriesPaint(series, Look.of(peer));
        renderer.setSeriesLinesVisible(series, true);
        renderer.setSeriesStroke(series, new BasicStroke(peer.equals(Peer.SCOPED_CONTEXT) ? 2.5f : 1.2f));
    }
}
