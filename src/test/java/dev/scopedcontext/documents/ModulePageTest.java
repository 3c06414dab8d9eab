package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example on the first page of the Javadoc. */
@Tag("once")
@ExtendWith(CleanThread.class)
class ModulePageTest {

    private static final Path HOME = Path.of(System.getProperty("basedir", ""));

    record Request(String user) {
    }

    // @start region="greetings"
    static class Greetings {
        static final ContextKey<String> USER = ContextKey.named("user");

        String serve(Request request) {
            return ScopedContext.where(USER, request.user()).call(this::page);
        }

        String page() {
            return "Hello " + USER.get();
        }
    }
    // @end

    /** The documentation of a module cannot refer to a region of a file, so the page holds a copy. */
    @Test
    void thePageShowsThisExample() {
        List<String> example = below("    // @start region=\"greetings\"",
                "src/test/java/dev/scopedcontext/documents/ModulePageTest.java").stream()
                .takeWhile(line -> !line.equals("    // @end")).toList();
        List<String> shown = below(" * {@snippet :", "src/main/java/module-info.java").stream()
                .map(line -> line.replaceFirst(" \\* ?", "    ").stripTrailing()).toList();
        assertThat(shown.subList(0, example.size() + 1)).startsWith(example.toArray(String[]::new)).endsWith("    }");
    }

    @Test
    void theExampleGreetsTheUserOfTheRequest() {
        assertThat(new Greetings().serve(new Request("alice"))).isEqualTo("Hello alice");
    }

    @Test
    void nothingIsBoundAfterTheCall() {
        Greetings greetings = new Greetings();
        greetings.serve(new Request("alice"));
        assertThatThrownBy(greetings::page).isInstanceOf(UnboundContextException.class);
    }

    private static List<String> below(String mark, String file) {
        try {
            return Files.readAllLines(HOME.resolve(file)).stream().dropWhile(line -> !line.equals(mark)).skip(1)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
