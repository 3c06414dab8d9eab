package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.PackagedJar;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each run of the suite declares its backend; this test checks that it runs on that one. */
@Tag("modules")
class RunTest {
    @Test
    void runsOnTheExpectedBackend() {
        assertThat(ScopedContext.backend().kind()).hasToString(System.getProperty("expect.backend"));
    }

    @Test
    void runsOnTheExpectedJdk() {
        assertThat(Runtime.version().feature()).isEqualTo(Integer.getInteger("expect.java"));
        assertThat(ScopedContext.backend().jdk()).isEqualTo(Runtime.version());
    }

    @Test
    @Tag("packaged")
    void runsAgainstThePackagedJar() {
        assertThat(PackagedJar.path()).isRegularFile().hasFileName(System.getProperty("expect.jar"));
    }

    @Test
    @Tag("packaged")
    void runsInTheExpectedModule() {
        assertThat(ScopedContext.class.getModule().getName()).isEqualTo(System.getProperty("expect.module"));
    }
}
