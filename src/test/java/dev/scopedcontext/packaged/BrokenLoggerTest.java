package dev.scopedcontext.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** J21: the library loads even if the logger fails on the warning about the backend. */
@Tag("per-jdk")
class BrokenLoggerTest {

    @TempDir
    Path temp;

    private String printed(Class<? extends System.LoggerFinder> finder) throws Exception {
        Path services = Files.createDirectories(temp.resolve("META-INF/services"));
        Files.writeString(services.resolve("java.lang.System$LoggerFinder"), finder.getName());
        return new ChildJvm().first(temp).with("-Dscopedcontext.backend=unknown").run(Binds.class);
    }

    @Test
    void loggerThatThrowsDoesNotKeepTheLibraryFromLoading() throws Exception {
        assertThat(printed(Throws.class)).contains("bound to alice").doesNotContain("NoClassDefFoundError");
    }

    @Test
    void loggerThatWaitsForItsOwnThreadWhichReadsTheContextIsNotBlocked() throws Exception {
        assertThat(printed(Waits.class)).contains("bound to alice").contains("logged for nobody");
    }

    static final class Binds {

        static final ContextKey<String> USER = ContextKey.named("user");

        public static void main(String[] args) {
            for (int i = 0; i < 2; i++) {
                try {
                    ScopedContext.where(USER, "alice").run(() -> System.out.println("bound to " + USER.get()));
                } catch (Throwable failure) {
                    System.out.println(failure);
                }
            }
        }
    }

    public static final class Throws extends System.LoggerFinder {

        @Override
        public System.Logger getLogger(String name, Module module) {
            return new Logger(() -> {
                throw new IllegalStateException("disk full");
            });
        }
    }

    public static final class Waits extends System.LoggerFinder {

        @Override
        public System.Logger getLogger(String name, Module module) {
            return new Logger(() -> {
                Thread appender = new Thread(
                        () -> System.out.println("logged for " + Binds.USER.orElse("nobody")));
                appender.setDaemon(true);
                appender.start();
                try {
                    appender.join(5_000);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                if (appender.isAlive()) {
                    System.out.println("the appender is blocked");
                    System.exit(1);
                }
            });
        }
    }

    private record Logger(Runnable appender) implements System.Logger {

        @Override
        public String getName() {
            return "broken";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            appender.run();
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            appender.run();
        }
    }
}
