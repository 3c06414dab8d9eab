package dev.scopedcontext.jmh.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All answers of one JVM on one backend. */
record Run(String name, Map<String, String> facts, List<Answer> answers) {

    /** Reads the directory of a run, or a result file of JMH. */
    static Run read(Path path) throws IOException {
        List<Answer> answers = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        for (Path file : files(path)) {
            for (JsonNode result : json.readTree(file.toFile())) {
                answers.add(Answer.of(result));
            }
        }
        return new Run(path.getFileName().toString().replace(".json", ""), facts(path), answers);
    }

    private static List<Path> files(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }

    private static Map<String, String> facts(Path path) throws IOException {
        Properties facts = new Properties();
        Path file = path.resolve("run.properties");
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                facts.load(reader);
            }
        }
        return facts.stringPropertyNames().stream().collect(Collectors.toMap(n -> n, facts::getProperty));
    }

    /** Returns a property of the run, such as its "date". */
    String fact(String name) {
        return facts.getOrDefault(name, "unknown");
    }

    /** Returns whether the run is for development only. */
    boolean isQuick() {
        return fact("command").contains("--quick");
    }

    /** Returns whether it is a standard run, which answers all questions, and not a result file of JMH. */
    boolean isWhole() {
        return facts.containsKey("command") && !isQuick();
    }

    /** Returns the answers of a class. */
    List<Answer> of(String benchmark) {
        return answers.stream().filter(a -> a.benchmark().equals(benchmark)).toList();
    }

    /** Returns the environment of the run, such as "JDK 25, on ScopedValue". */
    String title() {
        return "JDK " + name.replaceAll("\\D*(\\d+).*", "$1") + ", "
                + (name.contains("scoped-value") ? "on ScopedValue" : "on ThreadLocal");
    }
}
