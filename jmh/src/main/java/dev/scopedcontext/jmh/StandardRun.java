package dev.scopedcontext.jmh;

import dev.scopedcontext.ScopedContext;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs all questions in one JVM and on one backend. Each answer is written to {@code results/RUN/QUESTION.json} beside
 * the jar as soon as it is available, so a run can be interrupted and done in parts. A quick run has a directory of its
 * own.
 */
final class StandardRun {
    private final int jdk = Runtime.version().feature();
    private final boolean quick;
    private final Path results;

    StandardRun(boolean quick) {
        this.quick = quick;
        this.results = jar().resolveSibling("results").resolve(name() + (quick ? "-quick" : ""));
    }

    void ask(Question question) throws RunnerException, IOException {
        List<RunResult> answers = new ArrayList<>();
        for (Asked asked : question.asked()) {
            if (asked.fromJdk() <= jdk && !(quick && asked.isGrowth())) {
                answers.addAll(rounds(asked));
            }
        }
        if (!answers.isEmpty()) {
            write(question, answers);
        }
    }

    /** Combines the answers of each peer from several rounds, so that all peers share the changes of the machine. */
    private Collection<RunResult> rounds(Asked asked) throws RunnerException {
        Map<BenchmarkParams, RunResult> answers = new TreeMap<>();
        for (int i = 0; i < (quick ? 1 : asked.rounds()); i++) {
            for (RunResult answer : new Runner(options(asked).build()).run()) {
                answers.merge(answer.getParams(), answer, StandardRun::together);
            }
        }
        return answers.values();
    }

    private static RunResult together(RunResult some, RunResult more) {
        List<BenchmarkResult> forks = new ArrayList<>(some.getBenchmarkResults());
        forks.addAll(more.getBenchmarkResults());
        return new RunResult(some.getParams(), forks);
    }

    private ChainedOptionsBuilder options(Asked asked) {
        ChainedOptionsBuilder options = new OptionsBuilder().addProfiler(GCProfiler.class)
                .jvmArgsPrepend(Main.jvmArguments());
        asked.choose(options, jdk, quick);
        if (jdk < 25) {
            options.exclude("rawScopedValue");
        }
        if (!asked.isOnce()) {
            TimeValue time = TimeValue.milliseconds(quick ? 100 : 150);
            options.forks(asked.settlesLate() ? 7 : 2).warmupIterations(quick ? 2 : asked.settlesLate() ? 8 : 5)
                    .warmupTime(time)
                    .measurementIterations(quick || asked.settlesLate() ? 3 : 5).measurementTime(time);
        }
        if (quick) {
            options.forks(1);
        }
        return options;
    }

    private void write(Question question, List<RunResult> answers) throws IOException {
        Path file = results.resolve(question.fileName() + ".json");
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(answers);
        }
    }

    /** Writes the description of this run for readers of the results; the command is that of all its parts. */
    void describe() throws IOException {
        Files.createDirectories(results);
        Stream<String> jvm = ManagementFactory.getRuntimeMXBean().getInputArguments().stream();
        Stream<String> jar = Stream.of("-jar", "jmh/target/benchmarks.jar");
        Stream<String> ours = quick ? Stream.of("--quick") : Stream.of();
        Files.write(results.resolve("run.properties"), List.of(
                "command=java " + Stream.of(jvm, jar, ours).flatMap(part -> part).collect(Collectors.joining(" ")),
                "date=" + LocalDate.now(ZoneOffset.UTC),
                "jdk=" + System.getProperty("java.vm.name") + " " + Runtime.version(),
                "machine=" + Machine.describe()));
    }

    private String name() {
        return "jdk-" + jdk + "-" + ScopedContext.backend().kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Path jar() {
        try {
            return Path.of(StandardRun.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
