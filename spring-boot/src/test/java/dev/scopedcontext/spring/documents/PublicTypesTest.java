package dev.scopedcontext.spring.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The public types of the starter are few, and the guide names each of them. */
class PublicTypesTest {

    private static final Path HOME = Path.of(System.getProperty("basedir", ""));

    private static final Pattern TYPE = Pattern
            .compile("(?m)^public (?:\\w+ )*?(?:class|interface|@interface|enum|record) (\\w+)");

    @Test
    void theGuideNamesEachTypeThatUsersNeed() throws IOException {
        String guide = Files.readString(HOME.resolve("../docs/guide/README.md"));
        String page = Files.readString(HOME.resolve("../docs/guide/spring-boot.md"));
        assertThat(types().filter(name -> !name.endsWith("AutoConfiguration")).toList()).hasSizeGreaterThan(5)
                .allSatisfy(name -> {
                    assertThat(guide).contains("`" + name + "`");
                    assertThat(page).contains(name);
                });
    }

    private static Stream<String> types() throws IOException {
        try (Stream<Path> files = Files.walk(HOME.resolve("src/main/java"))) {
            List<String> sources = files.filter(file -> file.toString().endsWith(".java")).map(PublicTypesTest::read)
                    .toList();
            return sources.stream().flatMap(source -> TYPE.matcher(source).results().map(MatchResult::group)
                    .map(found -> found.replaceFirst(".* ", "")));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
