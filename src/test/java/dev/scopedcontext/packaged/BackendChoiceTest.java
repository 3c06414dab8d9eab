package dev.scopedcontext.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.BackendReport;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of the backend, its report, and its warnings. */
@Tag("per-jdk")
class BackendChoiceTest {

    private static final boolean HAS_SCOPED_VALUE = Runtime.version().feature() >= 25;

    @TempDir
    private Path temp;

    @Test
    void reportTellsTheBackendTheReasonAndTheJdk() throws Exception {
        assertThat(new ChildJvm().run(Prints.class)).isEqualTo(HAS_SCOPED_VALUE
                ? "SCOPED_VALUE because JDK %1$d has java.lang.ScopedValue on %1$d: alice%n"
                        .formatted(Runtime.version().feature())
                : "THREAD_LOCAL because JDK %1$d has no final version of java.lang.ScopedValue on %1$d: alice%n"
                        .formatted(Runtime.version().feature()));
    }

    @Test
    void requestedFallbackCausesNoWarning() throws Exception {
        assertThat(new ChildJvm().with("-Dscopedcontext.backend=thread-local").run(Prints.class))
                .isEqualTo("THREAD_LOCAL because -Dscopedcontext.backend=thread-local is set on %d: alice%n"
                        .formatted(Runtime.version().feature()));
    }

    @Test
    void unknownBackendIsIgnoredWithAWarning() throws Exception {
        assertThat(new ChildJvm().with("-Dscopedcontext.backend=threadlocal").run(Prints.class))
                .containsOnlyOnce(
                        "-Dscopedcontext.backend=threadlocal is unknown and ignored: use thread-local")
                .contains((HAS_SCOPED_VALUE ? "SCOPED_VALUE" : "THREAD_LOCAL") + " because JDK");
    }

    @Test
    void unavailableScopedValueIsIgnoredWithAWarning() throws Exception {
        String printed = new ChildJvm().with("-Dscopedcontext.backend=scoped-value").run(Prints.class);
        if (HAS_SCOPED_VALUE) {
            assertThat(printed).startsWith("SCOPED_VALUE because JDK");
        } else {
            assertThat(printed).contains("-Dscopedcontext.backend=scoped-value is ignored: JDK")
                    .contains("THREAD_LOCAL because JDK");
        }
    }

    @Test // J21
    void loggerThatReadsTheContextMayLogTheWarning() throws Exception {
        Path services = Files.createDirectories(temp.resolve("logger/META-INF/services"));
        Files.writeString(services.resolve("java.lang.System$LoggerFinder"), ReadsContext.class.getName());
        String printed = new ChildJvm().first(temp.resolve("logger")).with("-Dscopedcontext.backend=unknown")
                .run(Prints.class);
        assertThat(printed).contains("logged with nobody: -Dscopedcontext.backend=unknown").contains(": alice");
    }

    /** Prints the report, and checks a binding. */
    static final class Prints {

        static final ContextKey<String> USER = ContextKey.named("user");

        public static void main(String[] args) {
            String user = ScopedContext.where(USER, "alice").call(USER::get);
            BackendReport report = ScopedContext.backend();
            System.out.printf("%s because %s on %d: %s%n", report.kind(), report.reason(), report.jdk().feature(),
                    user);
        }
    }

    /** A logger that reads the context for each line, such as one with a diagnostic context. */
    public static final class ReadsContext extends System.LoggerFinder {

        @Override
        public System.Logger getLogger(String name, Module module) {
            return new System.Logger() {
                @Override
                public String getName() {
                    return name;
                }

                @Override
                public boolean isLoggable(Level level) {
                    return level.getSeverity() >= Level.WARNING.getSeverity();
                }

                @Override
                public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
                    System.out.println("logged with " + Prints.USER.orElse("nobody") + ": " + message);
                }

                @Override
                public void log(Level level, ResourceBundle bundle, String format, Object... params) {
                    log(level, bundle, MessageFormat.format(format, params), (Throwable) null);
                }
            };
        }
    }
}
