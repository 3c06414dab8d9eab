package dev.scopedcontext.jmh.report;

import dev.scopedcontext.jmh.Cannot;
import dev.scopedcontext.jmh.Question;
import dev.scopedcontext.jmh.Twin;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page of all results, in Markdown. */
final class Page {
    private final List<Run> runs;
    private final Map<Class<?>, List<String>> charts;
    private final List<String> lines = new ArrayList<>();

    /** Writes the page for several runs, of which the first is charted. */
    Page(List<Run> runs, Map<Class<?>, List<String>> charts) {
        this.runs = runs;
        this.charts = charts;
    }

    List<String> lines() {
        add("# Costs", "",
                "Written by [`Report`](../src/main/java/dev/scopedcontext/jmh/report/Report.java) from what the"
                        + " benchmarks have measured: [how to run them](../README.md).",
                "",
                "A figure is the median of all iterations of all forks, ± half of JMH's 99.9 % confidence interval"
                        + " of the mean, which is wide where something has disturbed an iteration; where bytes are what"
                        + " is asked for, ± half of the spread of the iterations. Where JVMs settle at one of two costs"
                        + " (fork and join), it is the median of the faster half of them, ± half of their spread. Then"
                        + " the bytes that an operation"
                        + " allocates on average, if any. \"× ScopedValue\" is ours divided by that one in the same"
                        + " run. Reactor's context is never the best library: it is passed by hand, so there is"
                        + " nothing to find. Charts are of the first run.",
                "");
        runs();
        if (runs.stream().anyMatch(Run::isQuick)) {
            add("", "**Provisional: from a quick run, which is for development. Mind the errors.**");
        }
        add("", "## In short", "", "On " + runs.get(0).title() + ".", "");
        lines.addAll(new Summary(runs.get(0)).lines());
        for (Question question : Question.values()) {
            if (question.benchmarks().stream().anyMatch(b -> !tables(b).isEmpty())) {
                add("", "## " + question.number() + ". " + question.title());
                question.benchmarks().forEach(this::benchmark);
            }
        }
        return lines;
    }

    private void runs() {
        add("| run | JVM | machine | date | command |", "|---|---|---|---|---|");
        for (Run run : runs) {
            add("| %s | %s | %s | %s | `%s` |".formatted(run.title(), run.fact("jdk"), run.fact("machine"),
                    run.fact("date"), run.fact("command")));
        }
    }

    private void benchmark(Class<?> benchmark) {
        Map<Run, Table> tables = tables(benchmark);
        if (tables.isEmpty()) {
            return;
        }
        String name = benchmark.getSimpleName();
        add("", "### [%s](../src/main/java/dev/scopedcontext/jmh/%s.java)".formatted(name, name));
        for (String chart : charts.getOrDefault(benchmark, List.of())) {
            add("", "![%s](%s)".formatted(chart.replaceAll("^\\d+-|\\.svg$", "").replace('-', ' '), chart));
        }
        tables.forEach((run, table) -> {
            add("", run.title() + ":", "");
            Map<String, String> twins = twins(benchmark);
            lines.addAll(twins.isEmpty() ? table.lines(cannot(benchmark)) : table.linesOfMethods(twins));
        });
    }

    private Map<Run, Table> tables(Class<?> benchmark) {
        Map<Run, Table> tables = new LinkedHashMap<>();
        for (Run run : runs) {
            List<Answer> answers = run.of(benchmark.getSimpleName());
            if (!answers.isEmpty()) {
                tables.put(run, new Table(answers));
            }
        }
        return tables;
    }

    private static Map<String, String> cannot(Class<?> benchmark) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Cannot cannot : benchmark.getAnnotationsByType(Cannot.class)) {
            for (String peer : cannot.peer()) {
                reasons.put(peer, cannot.why());
            }
        }
        return reasons;
    }

    private static Map<String, String> twins(Class<?> benchmark) {
        return Stream.of(benchmark.getMethods()).filter(m -> m.isAnnotationPresent(Twin.class))
                .collect(Collectors.toMap(Method::getName, m -> m.getAnnotation(Twin.class).value()));
    }

    private void add(String... more) {
        lines.addAll(List.of(more));
    }
}
