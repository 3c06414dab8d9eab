package dev.scopedcontext.documents;

import static dev.scopedcontext.documents.Documents.HOME;
import static dev.scopedcontext.documents.Documents.blocks;
import static dev.scopedcontext.documents.Documents.lines;
import static dev.scopedcontext.documents.Documents.simpleNameOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.documents.Documents.Block;
import dev.scopedcontext.documents.Documents.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A page of the guide imports or declares each type and constant that its code uses. {@code ReadmeTest} checks that the
 * imports are right: they are imports of the test that holds the code. Methods and variables may be the reader's own.
 */
@Tag("once")
class GuideTest {

    private static final Pattern NOT_CODE = Pattern.compile("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\""
            + "|'(?:\\\\.|[^'\\\\])+'|//.*|/\\*[\\s\\S]*?\\*/");

    /** A type or a constant without a qualifier. A single letter is a type variable. */
    private static final Pattern NAME = Pattern.compile("(?<![\\w.])[A-Z]\\w+");

    private static final Pattern DECLARED = Pattern
            .compile("\\b(?:class|interface|enum|record) (\\w+)|\\b([A-Z]\\w+) =(?!=)");

    @Test
    void everyNameIsImportedOrDeclaredOnThePage() {
        List<Source> sources = Documents.sources("java", ".java");
        for (Path page : pages()) {
            assertThat(missing(blocks("java", lines(page)), sources))
                    .as("Names that %s uses without an import at or above the block, and does not declare", page)
                    .isEmpty();
        }
    }

    @Test
    void everyImportIsUsedInItsBlock() {
        for (Path page : pages()) {
            for (Block block : blocks("java", lines(page))) {
                assertThat(block.imports())
                        .as("Imports in %s that this block does not use:%n%s", page, block)
                        .allMatch(name -> uses(block, simpleNameOf(name)));
            }
        }
    }

    @Test
    void noImportIsThatOfATest() {
        for (Path page : pages()) {
            for (Block block : blocks("java", lines(page))) {
                assertThat(block.imports()).as("Imports in %s", page).noneMatch(
                        name -> isTest("src/test/java", name) || isTest("spring-boot/src/test/java", name));
            }
        }
    }

    private static boolean isTest(String folder, String name) {
        return Files.exists(HOME.resolve(folder).resolve(name.replace('.', '/') + ".java"));
    }

    @Test
    void aMissingNameIsSeen() {
        Source source = new Source("a", List.of("b.Bee", "static b.Bee.bee"), List.of("Bee bee = bee(1);"));
        Block block = new Block(List.of("b.Bee"), "Bee bee = bee(1);");
        assertThat(missing(List.of(block), List.of(source))).containsExactly("bee");
        Block longer = new Block(List.of(), "Bee bee = Map.of(\"Cee\", X, USER, x.D, Long.MAX_VALUE); // Ee");
        assertThat(missing(List.of(longer), List.of())).containsExactly("Bee", "Map", "USER");
        Block declared = new Block(List.of("java.util.Map"), "record Bee() {}\nstatic final Key<Map> USER = key();");
        assertThat(missing(List.of(declared, longer), List.of())).containsExactly("Key");
    }

    private static List<Path> pages() {
        return Documents.pages().stream().filter(page -> page.startsWith(HOME.resolve("docs/guide"))).toList();
    }

    private static Set<String> missing(List<Block> blocks, List<Source> sources) {
        Set<String> known = new HashSet<>();
        blocks.forEach(block -> DECLARED.matcher(code(block)).results()
                .forEach(found -> known.add(found.group(1) == null ? found.group(2) : found.group(1))));
        Set<String> missing = new TreeSet<>();
        for (Block block : blocks) {
            block.imports().forEach(name -> known.add(simpleNameOf(name)));
            names(block, sources).stream().filter(name -> !known.contains(name) && !isInJavaLang(name))
                    .forEach(missing::add);
        }
        return missing;
    }

    /** Returns the types, the constants and the statically imported methods that a block uses. */
    private static Set<String> names(Block block, List<Source> sources) {
        Set<String> names = new HashSet<>();
        NAME.matcher(code(block)).results().forEach(found -> names.add(found.group()));
        sources.stream().filter(source -> source.holds(block)).findFirst().stream()
                .flatMap(source -> source.imports().stream()).filter(name -> name.startsWith("static "))
                .map(Documents::simpleNameOf).filter(name -> uses(block, name)).forEach(names::add);
        return names;
    }

    private static boolean uses(Block block, String name) {
        Matcher found = Pattern.compile("(?<![\\w.])" + name + "\\b").matcher(code(block));
        return found.find();
    }

    private static String code(Block block) {
        return NOT_CODE.matcher(block.code()).replaceAll("\"\"");
    }

    private static boolean isInJavaLang(String name) {
        try {
            Class.forName("java.lang." + name, false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
