package dev.scopedcontext.documents;

import static dev.scopedcontext.documents.Documents.HOME;
import static dev.scopedcontext.documents.Documents.blocks;
import static dev.scopedcontext.documents.Documents.contains;
import static dev.scopedcontext.documents.Documents.files;
import static dev.scopedcontext.documents.Documents.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.documents.Documents.Block;
import dev.scopedcontext.documents.Documents.Source;
import dev.scopedcontext.support.PackagedJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Java and Kotlin code in the documents runs: each block is a part of a test or an example, line by line. */
@Tag("once")
class ReadmeTest {

    @ParameterizedTest
    @CsvSource({"java, .java", "kotlin, .kt"})
    void everyBlockStandsInATestOrAnExample(String language, String ending) {
        List<Source> sources = Documents.sources(language, ending);
        for (Path page : Documents.pages()) {
            for (Block block : blocks(language, lines(page))) {
                assertThat(sources)
                        .as("%s shows code with imports %s that is in no test or example with these imports:%n%s", page,
                                block.imports(), block)
                        .anyMatch(source -> source.holds(block));
            }
        }
    }

    @Test
    void theFirstExampleCompilesAndRuns(@TempDir Path temp) throws Exception {
        Path file = temp.resolve("Greetings.java");
        List<String> readme = lines(HOME.resolve("README.md"));
        int start = readme.indexOf("```java") + 1;
        Files.write(file, readme.subList(start, start + readme.subList(start, readme.size()).indexOf("```")));
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                PackagedJar.path().toString(), file.toString()).redirectErrorStream(true).start();
        assertThat(new String(java.getInputStream().readAllBytes(), UTF_8).strip()).isEqualTo("Hello alice");
        assertThat(java.waitFor()).isZero();
    }

    @Test
    void everyClassOfTheTableOfFaultsExists() {
        List<String> table = lines(HOME.resolve("CONTRIBUTING.md")).stream()
                .dropWhile(line -> !line.startsWith("| a fault in |")).takeWhile(line -> line.startsWith("|")).skip(2)
                .toList();
        assertThat(table).hasSizeGreaterThan(20).allMatch(row -> row.matches("\\|[^`|]+\\|( `\\w+Test`,?)+ \\|"));
        assertThat(table.stream().flatMap(row -> Pattern.compile("\\w+(?=`[, ])").matcher(row).results()
                .map(name -> name.group() + ".java")))
                .isSubsetOf(Stream.of("src/test/java", "spring-boot/src/test/java")
                        .flatMap(folder -> files(folder, 99, ".java")).map(file -> file.getFileName().toString())
                        .toList());
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
        List<String> page = List.of("# A", "```java", "a();", "b();", "```", "```xml", "<c/>", "```", "```java",
                "import d.D;", "import static d.D.d;", "", "d();", "```");
        assertThat(blocks("java", page)).containsExactly(new Block(List.of(), "a();\nb();"),
                new Block(List.of("d.D", "static d.D.d"), "d();"));
    }

    @Test
    void theImportsAreThoseOfTheFileOrOfItsPackage() {
        Source source = new Source("a", List.of("b.B"), List.of("new A(new B());"));
        assertThat(source.holds(new Block(List.of("b.B", "a.A"), "new A(new B());"))).isTrue();
        assertThat(source.holds(new Block(List.of("c.B"), "new A(new B());"))).isFalse();
    }
}
