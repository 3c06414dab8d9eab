package dev.scopedcontext.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;

/** The strategy on threads of a pool, in a JVM in strict mode, which refuses locals there. */
class StrictModeTest {

    /** Uses the security context outside of any scope. */
    static final class Program {

        private Program() {
        }

        public static void main(String[] args) throws Exception {
            SecurityContextHolder.setContextHolderStrategy(LocalSecurityContextStrategy.INSTANCE);
            ExecutorService pool = Executors.newSingleThreadExecutor();
            System.out.println(pool.submit(() -> "read " + SecurityContextHolder.getContext()).get());
            System.out.println(pool.submit(() -> {
                SecurityContextHolder.setContext(
                        new SecurityContextImpl(new TestingAuthenticationToken("bob", "")));
                return SecurityContextHolder.getContext().getAuthentication().getName();
            }).get());
            System.out.println(pool.submit(() -> SecurityScope
                    .with(new TestingAuthenticationToken("alice", "")).call(
                            () -> SecurityContextHolder.getContext().getAuthentication().getName()))
                    .get());
            SecurityContextHolder.clearContext();
            pool.shutdown();
        }
    }

    @Test
    void theContextOfAPoolThreadCanBeSetOutsideOfScopesAsWithSpringAlone() throws Exception {
        Process child = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dscopedcontext.strict=true", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), Program.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed.lines()).hasSize(3).satisfiesExactly(
                read -> assertThat(read).isEqualTo("read SecurityContextImpl [Null authentication]"),
                set -> assertThat(set).isEqualTo("bob"),
                user -> assertThat(user).isEqualTo("alice"));
    }
}
