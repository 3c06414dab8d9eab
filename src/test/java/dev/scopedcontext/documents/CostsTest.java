package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The costs in the README are those that the benchmarks have measured. */
class CostsTest {
    private static final Path HOME = Path.of(System.getProperty("basedir", ""));
    private static final Path RESULTS = HOME.resolve("jmh/results");
    private static final Path SUMMARY = HOME.resolve("jmh/src/main/java/dev/scopedcontext/jmh/report/Summary.java");

    @Test
    void theTableOfTheReadmeHasRowsOfThatOfTheResults() throws IOException {
        assertThat(table("Costs", HOME.resolve("README.md")))
                .as("The table under 'Costs' in README.md: copy six rows of the one under 'In short' in"
                        + " RESULTS.md, in its order")
                .hasSize(2 + 6)
                .startsWith(table("In short", RESULTS.resolve("RESULTS.md")).subList(0, 2).toArray(String[]::new))
                .isSubsetOf(table("In short", RESULTS.resolve("RESULTS.md")))
                .isSortedAccordingTo(
                        Comparator.comparingInt(table("In short", RESULTS.resolve("RESULTS.md"))::indexOf));
    }

    @Test
    void theResultsHaveAllRowsOfTheSummary() throws IOException {
        assertThat(table("In short", RESULTS.resolve("RESULTS.md")).stream().skip(2)
                .map(l -> l.substring(2, l.indexOf(" |", 2))))
                .as("The rows of the table under 'In short' in RESULTS.md: write the report of a full run")
                .isNotEmpty()
                .containsExactlyElementsOf(rows());
    }

    @Test
    void everyChartThatIsShownIsThere() throws IOException {
        String results = Files.readString(RESULTS.resolve("RESULTS.md"));
        assertThat(Pattern.compile("!\\[[^]]*]\\(([^)]*\\.svg)\\)").matcher(results).results().map(m -> m.group(1)))
                .isNotEmpty().allSatisfy(chart -> assertThat(RESULTS.resolve(chart)).isNotEmptyFile());
    }

    /** What the rows of the table are, as the program that writes it says. */
    private static List<String> rows() throws IOException {
        return Pattern.compile("\\brow\\(\"([^\"]+)\"").matcher(Files.readString(SUMMARY)).results()
                .map(m -> m.group(1)).toList();
    }

    /** The lines of the table that stands under a heading. */
    private static List<String> table(String heading, Path document) throws IOException {
        return Files.readAllLines(document).stream().dropWhile(l -> !l.equals("## " + heading)).skip(1)
                .takeWhile(l -> !l.startsWith("## ")).filter(l -> l.startsWith("|")).toList();
    }
}
