package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The costs on docs/guide/choosing.md are those that the benchmarks have measured. */
@Tag("once")
class ChoosingPageTest {

    private static final Path HOME = Path.of(System.getProperty("basedir", ""));

    @Test
    void theTableOfCostsHasRowsOfThatOfTheResults() throws IOException {
        List<String> results = table("In short", HOME.resolve("jmh/results/RESULTS.md"));
        assertThat(table("Costs", HOME.resolve("docs/guide/choosing.md")))
                .as("The table under 'Costs' in docs/guide/choosing.md: copy these rows of the one under 'In"
                        + " short' in RESULTS.md")
                .hasSize(2 + 4)
                .startsWith(results.get(0), results.get(1))
                .isSubsetOf(results);
    }

    /** The lines of the table that stands under a heading. */
    private static List<String> table(String heading, Path document) throws IOException {
        return Files.readAllLines(document).stream().dropWhile(line -> !line.equals("## " + heading)).skip(1)
                .takeWhile(line -> !line.startsWith("## ")).filter(line -> line.startsWith("|")).toList();
    }
}
