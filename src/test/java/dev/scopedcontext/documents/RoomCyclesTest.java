package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.PackagedJar;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files of a package that depend on each other in a circle can only be understood together, so such circles are kept
 * small. Dependencies are those that {@code jdeps} finds in the class files. A file has the name of its outermost
 * class.
 */
class RoomCyclesTest {

    private static final Pattern DEPENDENCY = Pattern.compile("^ +(\\S+) +-> (\\S+)", Pattern.MULTILINE);

    static final String DEPENDENCIES = jdeps(PackagedJar.path());

    @ParameterizedTest
    @CsvSource({"dev.scopedcontext, 4", "dev.scopedcontext.task, 8", "dev.scopedcontext.named, 5",
            "dev.scopedcontext.local, 4"})
    void theLargestCycleIsSmall(String room, int limit) {
        Map<String, Set<String>> files = files(DEPENDENCIES, room);
        assertThat(files).isNotEmpty();
        assertThat(largestCycle(files)).hasSizeLessThanOrEqualTo(limit);
    }

    @Test
    void aCycleIsSeen() {
        Map<String, Set<String>> files = files("""
                   room.A           -> room.B$Nested       x.jar
                   room.A           -> room.D              x.jar
                   room.A$Nested    -> room.other.Foreign  x.jar
                   room.B           -> room.C              x.jar
                   room.C$1         -> room.A              x.jar
                   room.C           -> room.D              x.jar
                   room.D           -> room.D$Nested       x.jar
                   room.E           -> room.F              x.jar
                   room.F           -> room.E              x.jar
                """, "room");
        assertThat(files).containsOnlyKeys("A", "B", "C", "D", "E", "F");
        assertThat(largestCycle(files)).containsExactly("A", "B", "C");
    }

    private static String jdeps(Path classes) {
        StringWriter dependencies = new StringWriter();
        try (PrintWriter out = new PrintWriter(dependencies)) {
            int exit = ToolProvider.findFirst("jdeps").orElseThrow().run(out, out, "-v", "--ignore-missing-deps",
                    "--multi-release", "base", classes.toString());
            assertThat(exit).as(dependencies::toString).isZero();
        }
        return dependencies.toString();
    }

    /** Returns the files of a room, each with those of the same room that it needs. */
    static Map<String, Set<String>> files(String dependencies, String room) {
        Map<String, Set<String>> files = new HashMap<>();
        Pattern ofRoom = Pattern.compile(Pattern.quote(room) + "\\.([^.$]+)(\\$.*)?");
        for (Matcher line = DEPENDENCY.matcher(dependencies); line.find();) {
            Matcher from = ofRoom.matcher(line.group(1));
            Matcher to = ofRoom.matcher(line.group(2));
            if (from.matches()) {
                Set<String> needed = files.computeIfAbsent(from.group(1), file -> new HashSet<>());
                if (to.matches()) {
                    needed.add(to.group(1));
                }
            }
        }
        return files;
    }

    /** Returns the largest set of files each of which reaches all others. */
    private static Set<String> largestCycle(Map<String, Set<String>> files) {
        Map<String, Set<String>> reached = new HashMap<>();
        for (String file : files.keySet()) {
            reach(file, files, reached.computeIfAbsent(file, unused -> new HashSet<>()));
        }
        Set<String> largest = Set.of();
        for (String file : files.keySet()) {
            Set<String> cycle = new TreeSet<>(reached.get(file));
            cycle.removeIf(other -> !reached.get(other).contains(file));
            largest = cycle.size() > largest.size() ? cycle : largest;
        }
        return largest;
    }

    private static void reach(String file, Map<String, Set<String>> files, Set<String> reached) {
        for (String next : files.get(file)) {
            if (reached.add(next)) {
                reach(next, files, reached);
            }
        }
    }
}
