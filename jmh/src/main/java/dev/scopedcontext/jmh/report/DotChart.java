package dev.scopedcontext.jmh.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.StatisticalLineAndShapeRenderer;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;

/** A chart with a row for each peer or method, and a dot at the cost of each case. */
final class DotChart {
    private static final int ROW = 22;

    private DotChart() {
    }

    static JFreeChart draw(String title, List<Answer> answers) {
        CategoryAxis rows = new CategoryAxis();
        DefaultStatisticalCategoryDataset data = new DefaultStatisticalCategoryDataset();
        for (Answer answer : answers) {
            data.add(answer.median(), answer.high() - answer.median(), answer.column(), answer.row());
            rows.setTickLabelPaint(answer.row(), Look.of(answer.row()));
        }
        StatisticalLineAndShapeRenderer renderer = new StatisticalLineAndShapeRenderer(false, true);
        renderer.setErrorIndicatorStroke(Look.THIN);
        renderer.setUseSeriesOffset(data.getRowCount() > 1);
        for (int i = 0; i < data.getRowCount(); i++) {
            renderer.setSeriesPaint(i, Look.of(i));
        }
        rows.setTickLabelFont(Look.text());
        rows.setMaximumCategoryLabelWidthRatio(0.5f);
        rows.setLowerMargin(0.01);
        rows.setUpperMargin(0.01);
        CategoryPlot plot = new CategoryPlot(data, rows, FactorAxis.ofCosts(answers), renderer);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        plot.setRangeGridlinePaint(Look.GRID);
        plot.setDomainGridlinePaint(Look.GRID);
        plot.setDomainGridlinesVisible(true);
        JFreeChart chart = Look.chart(title, plot);
        if (data.getRowCount() == 1) {
            chart.removeLegend();
        }
        return chart;
    }

    static int height(List<Answer> answers) {
        int rows = answers.stream().map(Answer::row).collect(Collectors.toSet()).size();
        return 130 + ROW * rows * Math.max(1, (columns(answers).size() + 1) / 2);
    }

    private static Set<String> columns(List<Answer> answers) {
        return answers.stream().map(Answer::column).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
