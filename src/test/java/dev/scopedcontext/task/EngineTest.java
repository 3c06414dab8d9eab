package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.LogLines;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each run of the suite says what it runs on; this makes sure that task scopes do, too. */
class EngineTest {

    @Test
    void runsOnTheJdksEngineFrom25OnWithoutPreview() {
        boolean has = Integer.getInteger("expect.java", Runtime.version().feature()) >= 25;
        assertThat(TaskScope.engine().kind()).isEqualTo(has ? EngineReport.Kind.JDK : EngineReport.Kind.PORTABLE);
        assertThat(TaskScope.engine().reason()).contains(
                has
                        ? " has a java.util.concurrent.StructuredTaskScope of a known shape"
                        : " has no java.util.concurrent");
    }

    @Test
    void canBeAskedToUseThePortableOne() {
        assertThat(Engines.choose("portable").report()).isEqualTo(new EngineReport(EngineReport.Kind.PORTABLE,
                "-Dscopedcontext.tasks=portable is set"));
    }

    @Test
    void anUnknownWishIsLogged() {
        try (LogLines log = LogLines.capture()) {
            assertThat(Engines.choose("fast").report()).isEqualTo(TaskScope.engine());
            assertThat(log.messages()).containsExactly(
                    "-Dscopedcontext.tasks=fast is unknown and ignored: use portable, or leave it out");
        }
    }

    @Test
    void bothEnginesAreTestedWhereThereAreTwo() {
        assertThat(EachEngine.available()).hasSize(TaskScope.engine().kind() == EngineReport.Kind.JDK ? 2 : 1);
    }

    @Test
    @Tag("jdk25")
    void theJdkWakesTheOwnerSoThatTheLastSubtaskNeedNot() {
        assertThat(wakesOwner(new JdkEngine(), SubtaskThreadFactory.of(null))).isTrue();
        assertThat(wakesOwner(new JdkEngine(), SubtaskThreadFactory.of("named"))).isTrue();
    }

    /** It may go on after the subtask, for which the owner is not to wait until it closes. */
    @Test
    @Tag("jdk25")
    void theEndOfAThreadOfTheUserIsNoWakeUp() {
        assertThat(wakesOwner(new JdkEngine(), Thread::new)).isFalse();
    }

    @Test
    @Tag("jdk25")
    void anEngineMadeByAnInterruptedThreadWakesTheOwnerItself() {
        Thread.currentThread().interrupt();
        Engine engine = new JdkEngine();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(wakesOwner(engine, SubtaskThreadFactory.of(null))).isFalse();
    }

    private static boolean wakesOwner(Engine engine, ThreadFactory factory) {
        TaskThreads threads = engine.open(null, factory);
        threads.close(new RunningSubtasks());
        return threads.isOwnerWoken();
    }
}
