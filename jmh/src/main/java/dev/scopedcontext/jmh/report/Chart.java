package dev.scopedcontext.jmh.report;

import dev.scopedcontext.jmh.Question;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jfree.chart.JFreeChart;
import org.jfree.svg.SVGGraphics2D;

/** A chart, and the name of its file. */
record Chart(String file, JFreeChart drawing, int height) {
    private static final int WIDTH = 900;

    /** The number of values from which a parameter is drawn as an axis. */
    private static final int ENOUGH = 3;

    /** Returns a chart for each growing parameter of each method, and one for all other answers of a benchmark. */
    static List<Chart> of(Question question, Class<?> benchmark, List<Answer> answers) {
        String name = "%02d-%s".formatted(question.number(), kebab(benchmark.getSimpleName()));
        List<Chart> charts = new ArrayList<>();
        List<Answer> rest = new ArrayList<>(answers);
        for (List<Answer> method : byMethod(answers)) {
            for (String param : method.get(0).params().keySet()) {
                List<Answer> growing = growing(method, param);
                if (!growing.isEmpty()) {
                    rest.removeAll(growing);
                    String title = question.title() + ": " + method.get(0).method();
                    charts.add(new Chart("%s-%s-by-%s.svg".formatted(name, kebab(method.get(0).method()), param),
                            GrowthChart.draw(title, growing, param), GrowthChart.HEIGHT));
                }
            }
        }
        if (!rest.isEmpty()) {
            JFreeChart dots = DotChart.draw(title(question, benchmark), rest);
            charts.add(new Chart(name + ".svg", dots, DotChart.height(rest)));
        }
        return charts.size() > 1 ? charts : charts.stream().map(c -> c.named(name + ".svg")).toList();
    }

    private Chart named(String file) {
        return new Chart(file, drawing, height);
    }

    /** Draws the chart. The same answers give the same drawing. */
    String svg() {
        SVGGraphics2D svg = new SVGGraphics2D(WIDTH, height);
        svg.setDefsKeyPrefix("chart-");
        svg.setGeomDoubleConverter(Chart::twoDigits);
        svg.setTransformDoubleConverter(Chart::twoDigits);
        drawing.draw(svg, new Rectangle(WIDTH, height));
        return svg.getSVGDocument();
    }

    /** Returns the answers that differ in only one parameter, if there are enough of its values. */
    private static List<Answer> growing(List<Answer> answers, String param) {
        Map<String, List<Answer>> alike = answers.stream().filter(a -> a.peer() != null)
                .filter(a -> a.params().get(param) > 0) // a logarithmic axis has no zero
                .collect(Collectors.groupingBy(a -> others(a, param), TreeMap::new, Collectors.toList()));
        return alike.values().stream().filter(group -> values(group, param).size() >= ENOUGH).findFirst()
                .orElse(List.of());
    }

    private static String others(Answer answer, String param) {
        Map<String, Integer> others = new TreeMap<>(answer.params());
        others.remove(param);
        return others.toString();
    }

    private static Set<Integer> values(List<Answer> answers, String param) {
        return answers.stream().map(a -> a.params().get(param)).collect(Collectors.toSet());
    }

    private static String title(Question question, Class<?> benchmark) {
        String name = kebab(benchmark.getSimpleName()).replace('-', ' ');
        return question.title().toLowerCase(Locale.ROOT).startsWith(name)
                ? question.title()
                : question.title() + ": " + name;
    }

    private static Iterable<List<Answer>> byMethod(List<Answer> answers) {
        return answers.stream().collect(Collectors.groupingBy(Answer::method, TreeMap::new, Collectors.toList()))
                .values();
    }

    private static String kebab(String name) {
        return name.replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String twoDigits(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
