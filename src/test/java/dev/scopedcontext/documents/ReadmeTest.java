package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documents show as Java or Kotlin is code that runs: it stands, line by line, in a test or an example. */
@Tag("once")
class ReadmeTest {
    private static final Path HOME = Path.of(System.getProperty("basedir", ""));

    @ParameterizedTest
    @CsvSource({"java, .java", "kotlin, .kt"})
    void everyBlockStandsInATestOrAnExample(String language, String ending) {
        List<List<String>> sources = Stream.of("src/test/" + language, "examples")
                .flatMap(d -> files(d, 99, ending)).map(ReadmeTest::code).toList();
        for (Path document : documents()) {
            for (String block : blocks(language, lines(document))) {
                assertThat(sources.stream().anyMatch(source -> contains(source, block)))
                        .as("%s shows code that is in no test or example:%n%s", document, block).isTrue();
            }
        }
    }

    @Test
    void everyClassOfTheTableOfFaultsExists() {
        List<String> table = lines(HOME.resolve("CONTRIBUTING.md")).stream()
                .dropWhile(line -> !line.startsWith("| a fault in |")).takeWhile(line -> line.startsWith("|")).skip(2)
                .toList();
        assertThat(table).hasSizeGreaterThan(20).allMatch(row -> row.matches("\\|[^`|]+\\|( `\\w+Test`,?)+ \\|"));
        assertThat(table.stream().flatMap(row -> Pattern.compile("\\w+(?=`[, ])").matcher(row).results()
                .map(name -> name.group() + ".java")))
                .isSubsetOf(files("src/test/java", 99, ".java").map(file -> file.getFileName().toString()).toList());
    }

    @Test
    void aBlockIsFoundAtAnyDepthButOnlyWhole() {
        List<String> source = List.of("class A {", "    void a() {", "", "        b();", "    }", "}");
        assertThat(contains(source, "void a() {\n\n    b();\n}")).isTrue();
        assertThat(contains(source, "void a() {\n    b();\n}")).isFalse();
        assertThat(contains(source, "void a() {\n\nb();\n}")).isFalse();
    }

    @Test
    void blocksAreReadFromTheDocument() {
        List<String> document = List.of("# A", "```java", "a();", "b();", "```", "```xml", "<c/>", "```", "```java",
                "d();", "```");
        assertThat(blocks("java", document)).containsExactly("a();\nb();", "d();");
    }

    private static List<Path> documents() {
        return Stream.concat(files("", 1, ".md"), files("docs", 99, ".md")).toList();
    }

    private static List<String> blocks(String language, List<String> document) {
        List<String> blocks = new ArrayList<>();
        for (int i = 0; i < document.size(); i++) {
            if (document.get(i).strip().equals("```" + language)) {
                int start = i + 1;
                while (!document.get(++i).strip().equals("```")) {
                }
                blocks.add(dedent(document.subList(start, i)));
            }
        }
        return blocks;
    }

    private static boolean contains(List<String> source, String block) {
        int length = (int) block.lines().count();
        return IntStream.rangeClosed(0, source.size() - length)
                .anyMatch(i -> dedent(source.subList(i, i + length)).equals(block));
    }

    private static String dedent(List<String> lines) {
        return String.join("\n", lines).stripIndent();
    }

    /** The lines of a source file without the marks of Javadoc's regions. */
    private static List<String> code(Path file) {
        return lines(file).stream().filter(l -> !l.matches("\\s*// @(start|end)\\b.*")).toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(String directory, int depth, String ending) {
        Path in = HOME.resolve(directory);
        if (!Files.isDirectory(in)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.walk(in, depth)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
