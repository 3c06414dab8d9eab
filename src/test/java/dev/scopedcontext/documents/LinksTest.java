package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Links of documents lead to files and headings that exist, and so do the pages that sources mention. Links to the
 * network are not followed.
 */
@Tag("once")
class LinksTest {

    private static final Path HOME = Path.of(System.getProperty("basedir", "")).toAbsolutePath().normalize();

    /** The directories that hold no sources. */
    private static final Set<String> SKIPPED = Set.of(".git", "target");

    private static final Pattern EXTERNAL = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*");

    /** A page below {@code docs}, as sources mention it: from the top of the project. */
    private static final Pattern MENTION = Pattern.compile("(?<![\\w/.-])docs/[\\w./-]+\\.md(#[\\w-]+)?");

    @Test
    void everyLinkOfADocumentLeadsToAFileAndAHeading() {
        List<Path> documents = files(".md");
        assertThat(documents).contains(HOME.resolve("README.md"), HOME.resolve("docs/design.md"));
        assertThat(documents.stream().flatMap(LinksTest::faults)).isEmpty();
    }

    @Test
    void everyPageThatASourceMentionsExists() {
        List<Path> sources = Stream.of(".java", ".kt").flatMap(ending -> files(ending).stream()).toList();
        assertThat(sources.stream().flatMap(LinksTest::faultsOfMentions)).isEmpty();
    }

    @Test
    void everyRoomMentionsAPage() {
        List<Path> rooms = files("package-info.java").stream().filter(f -> f.startsWith(HOME.resolve("src/main")))
                .toList();
        assertThat(rooms).hasSizeGreaterThan(10).allSatisfy(room -> assertThat(mentions(read(room))).isNotEmpty());
    }

    @Test
    void linksAreFound() {
        assertThat(Markdown.links("""
                A [file](a.md), [one\s
                over two lines](b.md#c), ![an image](d.svg "its title"), [`code`](<e f.md>) and [brackets](g_(h).md).
                `[no](link)`, ``[no `](link)``
                ```java
                [no](link)
                ```
                [A reference][i] and [another].

                [i]: j.md
                [another]: k.md#l
                """)).containsExactly("a.md", "b.md#c", "d.svg", "e f.md", "g_(h).md", "j.md", "k.md#l");
    }

    @Test
    void aReferenceWithoutADefinitionIsFound() {
        assertThat(Markdown.undefinedReferences("[a][B], [c][d]\n\n[b]: e.md\n")).containsExactly("d");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"# One slot | one-slot", "### `attach()` twice | attach-twice",
            "## 3. Bind, run: call | 3-bind-run-call", "## Why *not*, [a link](b.md#c) | why-not-a-link",
            "## snake_case and a - b | snake_case-and-a---b", "## Größe × 2 ## | größe--2",
            "####### too deep | ''", "#no space | ''"})
    void anAnchorIsMadeAsOnGitHub(String line, String anchor) {
        assertThat(Markdown.anchors(line)).isEqualTo(anchor.isEmpty() ? Set.of() : Set.of(anchor));
    }

    @Test
    void headingsWithOneTextAreNumbered() {
        assertThat(Markdown.anchors("# A b\n## a B\n```\n# a b\n```\n    # a b\n# A b!\n"))
                .containsExactly("a-b", "a-b-1", "a-b-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"decisions/README.md", "decisions/README.md#decisions", "#design", "../src/main/java",
            "https://example.org/not-asked", "mailto:nobody@example.org"})
    void aGoodLinkHasNoFault(String target) {
        assertThat(fault(HOME.resolve("docs/design.md"), target)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"gone.md, no such file", "decisions/README.md#gone, no such heading", "#gone, no such heading",
            "README.md, no such file", "../../elsewhere, leads out of the project", "/docs/design.md, is not relative",
            "'', is empty", "../LICENSE#gone, is no Markdown", "a b.md, is no URI"})
    void aBrokenLinkHasAFault(String target, String fault) {
        assertThat(fault(HOME.resolve("docs/design.md"), target)).contains(fault);
    }

    @Test
    void mentionsAreFound() {
        String page = "docs/" + "a/0001-b.md";
        assertThat(mentions("/** See {@code " + page + "} in the source. " + page + "#c: other/" + page + " */"))
                .containsExactly(page, page + "#c");
    }

    private static Stream<String> faults(Path document) {
        String text = read(document);
        return Stream.concat(faults(document, document, Markdown.links(text)),
                Markdown.undefinedReferences(text).stream().map(label -> describe(document, label, "is not defined")));
    }

    private static Stream<String> faultsOfMentions(Path source) {
        return faults(source, HOME.resolve("README.md"), mentions(read(source)));
    }

    /** Returns the faults of links in a file, which start from the same file or another one. */
    private static Stream<String> faults(Path file, Path start, List<String> links) {
        return links.stream()
                .flatMap(link -> fault(start, link).stream().map(fault -> describe(file, link, fault)));
    }

    private static String describe(Path file, String link, String fault) {
        return HOME.relativize(file) + ": " + link + ": " + fault;
    }

    /** Returns the fault of a link in a document, if it has one. */
    private static Optional<String> fault(Path document, String link) {
        if (EXTERNAL.matcher(link).matches()) {
            return Optional.empty();
        }
        if (link.isEmpty() || link.startsWith("/")) {
            return Optional.of(link.isEmpty() ? "is empty" : "is not relative");
        }
        URI target;
        try {
            target = URI.create(link);
        } catch (IllegalArgumentException e) {
            return Optional.of("is no URI");
        }
        Path file = target.getPath().isEmpty() ? document : document.resolveSibling(target.getPath()).normalize();
        if (!file.startsWith(HOME)) {
            return Optional.of("leads out of the project");
        }
        if (!Files.exists(file)) {
            return Optional.of("no such file");
        }
        if (target.getFragment() == null) {
            return Optional.empty();
        }
        if (!file.toString().endsWith(".md")) {
            return Optional.of("is no Markdown");
        }
        return Markdown.anchors(read(file)).contains(target.getFragment())
                ? Optional.empty()
                : Optional.of("no such heading");
    }

    private static List<String> mentions(String source) {
        return MENTION.matcher(source).results().map(MatchResult::group).toList();
    }

    private static List<Path> files(String ending) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(HOME, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes unused) {
                    return SKIPPED.contains(directory.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes unused) {
                    if (file.toString().endsWith(ending)) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
