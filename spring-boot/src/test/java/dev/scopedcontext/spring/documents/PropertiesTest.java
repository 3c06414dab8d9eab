package dev.scopedcontext.spring.documents;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** The properties of the starter, as its sources, its metadata and docs/guide/spring-boot.md name them. */
class PropertiesTest {

    private static final Path HOME = Path.of(System.getProperty("basedir", ""));

    private static final Pattern NAME = Pattern.compile("\"(scopedcontext\\.[a-z.-]+)\"");
    private static final Pattern ROW = Pattern.compile("\\| `(scopedcontext\\.[a-z.-]+)` \\| (`([^`]*)`|[^|]*) \\|.*");

    @Test
    void theMetadataNameEachPropertyThatIsRead() throws IOException {
        TreeSet<String> read = sources().flatMap(source -> NAME.matcher(source).results())
                .map(found -> found.group(1)).collect(toCollection(TreeSet::new));
        assertThat(metadata().keySet()).containsExactlyElementsOf(read);
    }

    @Test
    void thePageHasARowForEachPropertyWithItsDefault() throws IOException {
        SortedMap<String, String> rows = new TreeMap<>();
        for (String line : Files.readAllLines(HOME.resolve("../docs/guide/spring-boot.md"))) {
            ROW.matcher(line).results().forEach(row -> rows.put(row.group(1), row.group(3)));
        }
        Map<String, Map<String, Object>> properties = metadata();
        assertThat(rows.keySet()).containsExactlyElementsOf(properties.keySet());
        properties.forEach((name, property) -> {
            if (!name.endsWith(".order")) { // the page explains the number
                assertThat(rows.get(name)).as(name)
                        .isEqualTo(
                                property.containsKey("defaultValue") ? property.get("defaultValue").toString() : null);
            }
        });
    }

    @Test
    void eachPropertyIsDescribedBySentences() throws IOException {
        assertThat(metadata().values()).allSatisfy(property -> {
            assertThat(property.get("description").toString()).matches("[A-Z].*\\.");
            assertThat(property.get("type").toString()).startsWith("java.");
        });
    }

    private static Stream<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(HOME.resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).map(PropertiesTest::read).toList().stream();
        }
    }

    private static SortedMap<String, Map<String, Object>> metadata() {
        String json = read(HOME.resolve("src/main/resources/META-INF/spring-configuration-metadata.json"));
        SortedMap<String, Map<String, Object>> properties = new TreeMap<>();
        @SuppressWarnings("unchecked")
        var list = (List<Map<String, Object>>) JsonParserFactory.getJsonParser().parseMap(json).get("properties");
        list.forEach(property -> properties.put(property.get("name").toString(), property));
        return properties;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
