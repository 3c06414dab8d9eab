package dev.scopedcontext.documents;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page on the design is true of the code, and the decisions have the form that their index promises. */
@Tag("once")
class DesignTest {

    private static final Path DOCS = Path.of(System.getProperty("basedir", "")).resolve("docs");

    @Test
    void theReadingOrderNamesEachFileOfTheEngine() throws IOException {
        assertThat(readingOrder().stream().flatMap(List::stream)).doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(engine().keySet());
    }

    @Test
    void filesNeedOnlyThoseBeforeThemInTheReadingOrder() throws IOException {
        Map<String, Set<String>> needed = engine();
        Set<String> read = new HashSet<>();
        for (List<String> together : readingOrder()) {
            read.addAll(together);
            assertThat(together).allSatisfy(file -> assertThat(read).as(file).containsAll(needed.get(file)));
        }
    }

    @Test
    void everyDecisionHasAStatusAndFourParts() throws IOException {
        List<Path> decisions = decisions();
        assertThat(decisions).hasSizeGreaterThan(10);
        for (Path decision : decisions) {
            assertThat(Markdown.headings(Files.readString(decision)).stream().filter(h -> h.level() == 2)
                    .map(Markdown.Heading::text)).as(decision.toString())
                    .containsExactly("Context", "Decision", "Consequences", "Refused");
            assertThat(Files.readAllLines(decision).get(2)).as(decision.toString())
                    .matches("\\*\\*Status:\\*\\* accepted \\d{4}-\\d\\d-\\d\\d(, revised \\d{4}-\\d\\d-\\d\\d)?");
        }
    }

    @Test
    void theIndexOfDecisionsListsEachOfThem() throws IOException {
        assertThat(Markdown.links(Files.readString(DOCS.resolve("decisions/README.md"))))
                .containsExactlyElementsOf(decisions().stream().map(d -> d.getFileName().toString()).toList());
    }

    /** Returns the files of the engine, in the order of the page; files in one list need each other. */
    private static List<List<String>> readingOrder() throws IOException {
        List<List<String>> order = new ArrayList<>();
        List<String> rows = Files.readAllLines(DOCS.resolve("design.md")).stream()
                .dropWhile(line -> !line.startsWith("## Reading order")).dropWhile(line -> !line.startsWith("| `"))
                .takeWhile(line -> line.startsWith("|")).toList();
        for (String row : rows) {
            for (String together : row.split("\\|", -1)[1].split("·", -1)) {
                order.add(Pattern.compile("(?<=`)\\w+(?=`)").matcher(together).results().map(MatchResult::group)
                        .toList());
            }
        }
        return order;
    }

    private static Map<String, Set<String>> engine() {
        Map<String, Set<String>> files = RoomCyclesTest.files(RoomCyclesTest.DEPENDENCIES, "dev.scopedcontext");
        files.remove("package-info");
        files.replaceAll((file, needed) -> needed.stream().filter(files::containsKey).collect(toSet()));
        return files;
    }

    private static List<Path> decisions() throws IOException {
        try (Stream<Path> pages = Files.list(DOCS.resolve("decisions"))) {
            return pages.filter(page -> page.getFileName().toString().matches("\\d{4}-.*")).sorted().toList();
        }
    }
}
