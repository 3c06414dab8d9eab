package dev.scopedcontext.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine that benchmarks run on, without its name. */
final class Machine {
    private Machine() {
    }

    static String describe() throws IOException {
        return "%s, %d cores, %s %s".formatted(processor(), Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"), System.getProperty("os.version").replaceAll("^(\\d+\\.\\d+).*", "$1"));
    }

    /** Read from Linux; on other systems only the architecture is known. */
    private static String processor() throws IOException {
        Path cpuInfo = Path.of("/proc/cpuinfo");
        if (Files.isReadable(cpuInfo)) {
            try (Stream<String> lines = Files.lines(cpuInfo)) {
                return lines.filter(l -> l.startsWith("model name")).map(l -> l.substring(l.indexOf(':') + 2))
                        .findFirst().orElseGet(Machine::architecture);
            }
        }
        return architecture();
    }

    private static String architecture() {
        return System.getProperty("os.arch");
    }
}
