package dev.scopedcontext.jmh.report;

import dev.scopedcontext.jmh.Question;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Creates {@code RESULTS.md} and charts from the results of runs. */
public final class Report {
    private Report() {
    }

    /** Creates a report, from the directory to write to and those of the runs. The first run is charted. */
    public static void main(String[] args) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Path to = Files.createDirectories(Path.of(args[0]));
        List<Run> runs = new ArrayList<>();
        for (String directory : List.of(args).subList(1, args.length)) {
            runs.add(Run.read(Path.of(directory)));
        }
        Map<Class<?>, List<String>> charts = draw(runs.get(0), to);
        deleteOthers(to, charts.values().stream().flatMap(List::stream).toList());
        Files.write(to.resolve("RESULTS.md"), new Page(runs, charts).lines());
    }

    /** Draws the charts of a run, and returns their files by benchmark. */
    private static Map<Class<?>, List<String>> draw(Run run, Path to) throws IOException {
        Map<Class<?>, List<String>> charts = new LinkedHashMap<>();
        for (Question question : Question.values()) {
            for (Class<?> benchmark : question.benchmarks()) {
                List<Answer> answers = run.of(benchmark.getSimpleName());
                for (Chart chart : Chart.of(question, benchmark, answers)) {
                    Files.writeString(to.resolve(chart.file()), chart.svg());
                    charts.computeIfAbsent(benchmark, b -> new ArrayList<>()).add(chart.file());
                }
            }
        }
        return charts;
    }

    /** Deletes the charts of an earlier report that this one has not written. */
    private static void deleteOthers(Path directory, List<String> charts) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "[0-9][0-9]-*.svg")) {
            for (Path chart : found) {
                if (!charts.contains(chart.getFileName().toString())) {
                    Files.delete(chart);
                }
            }
        }
    }
}
