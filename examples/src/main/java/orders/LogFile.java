package orders;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The log of both services, as {@code logback.xml} configures it.
 *
 * @param faults lines that name no request, and expected lines that are missing
 */
record LogFile(List<String> lines, List<String> faults) {

    static final Path PATH = Path.of("target", "demo.log");

    private static final Pattern LINE = Pattern.compile("[\\d:.]{12} (orders |pricing) \\[[\\w-]+] .*");
    private static final int TIME = 13;

    static LogFile read(List<Visit> visits) throws IOException {
        List<String> lines = Files.readAllLines(PATH);
        Set<String> untimed = lines.stream().map(line -> line.substring(Math.min(TIME, line.length())))
                .collect(toSet());
        Stream<String> ofNobody = lines.stream()
                .filter(line -> !LINE.matcher(line).matches())
                .map(line -> "in the log for no request: " + line);
        Stream<String> missing = visits.stream()
                .flatMap(visit -> visit.logged().stream())
                .filter(line -> !untimed.contains(line))
                .map(line -> "not in the log: " + line);
        return new LogFile(lines, Stream.concat(ofNobody, missing).toList());
    }

    /** Returns the lines of a request in the order of the log. */
    List<String> of(String request) {
        return lines.stream().filter(line -> line.contains(" [" + request + "] ")).toList();
    }
}
