package dev.scopedcontext.documents;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.PackagedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The public API is written down in a file for each package, so that a change of it is a decision. */
@Tag("packaged")
@Tag("once")
class PublicApiTest {
    private static final Path GOLDEN = Path.of(System.getProperty("basedir", ""), "src/test/resources/api");

    @ParameterizedTest
    @MethodSource("exportedPackages")
    void theApiOfThePackageIsTheOneWrittenDown(String name) throws Exception {
        List<String> actual = api(name);
        Path golden = GOLDEN.resolve(name + ".txt");
        if (Boolean.getBoolean("api.update")) {
            Files.createDirectories(GOLDEN);
            Files.write(golden, actual);
        }
        assertThat(golden).as("Write it with: mvn verify -Dapi.update=true").isRegularFile();
        List<String> written = Files.readAllLines(golden);
        assertThat(actual)
                .as("The public API of %s changed:%n%s%nIf that is meant: mvn verify -Dapi.update=true", name,
                        difference(written, actual))
                .isEqualTo(written);
    }

    @Test
    void everyFileIsThatOfAnExportedPackage() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(f -> f.getFileName().toString().replaceFirst("\\.txt$", "")))
                    .containsExactlyInAnyOrderElementsOf(exportedPackages());
        }
    }

    static List<String> exportedPackages() {
        return PackagedJar.module().exports().stream().filter(e -> !e.isQualified()).map(e -> e.source()).sorted()
                .toList();
    }

    private static String difference(List<String> before, List<String> after) {
        Stream<String> gone = before.stream().filter(l -> !after.contains(l)).map("- "::concat);
        Stream<String> added = after.stream().filter(l -> !before.contains(l)).map("+ "::concat);
        return Stream.concat(gone, added).collect(joining("\n"));
    }

    private static List<String> api(String packageName) throws Exception {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            List<String> classes = jar.stream().map(e -> e.getName().replace('/', '.'))
                    .filter(e -> e.matches(packageName.replace(".", "\\.") + "\\.[A-Z][^.]*\\.class"))
                    .map(e -> e.replaceFirst("\\.class$", "")).sorted().toList();
            List<Class<?>> visible = new ArrayList<>();
            for (String c : classes) {
                visible.add(Class.forName(c, false, ScopedContext.class.getClassLoader()));
            }
            return visible.stream().filter(PublicApi::isVisible).flatMap(c -> PublicApi.render(c).stream()).toList();
        }
    }
}
