package dev.scopedcontext.slf4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.ChildJvm;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.TaskScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The same with Log4j 2 behind SLF4J. A process has one provider, so this is one of its own. */
@Tag("per-jdk")
class Log4jTest {

    @Test
    void linesOfSubtasksShowMirroredAndCarriedEntries() throws Exception {
        String printed = new ChildJvm().with("-Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider")
                .run(Program.class);
        assertThat(printed.lines().filter(line -> line.startsWith("["))).containsExactly( //
                "[r1|acme] in Log4jLogger", "[r1|acme] subtask", "[r1|acme] body", "[former|acme] empty context",
                "[former|acme] after");
    }

    @Test
    void entriesWithoutTextArePutBackAsSuch() throws Exception {
        String printed = new ChildJvm().with("-Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider")
                .run(WithoutText.class);
        assertThat(printed.lines().filter(line -> line.startsWith("{"))).containsExactly("{requestId=r1}",
                "{requestId=null}", "{}", "{requestId=null}");
    }

    static final class WithoutText {

        private WithoutText() {
        }

        public static void main(String[] args) {
            ContextSnapshot empty = ScopedContext.carrying(MdcCarrier.all()).call(ScopedContext::capture);
            MDC.put("requestId", null);
            ScopedContext.where(Program.ID, "r1").run(() -> System.out.println(MDC.getCopyOfContextMap()));
            System.out.println(MDC.getCopyOfContextMap());
            empty.run(() -> System.out.println(MDC.getCopyOfContextMap()));
            System.out.println(MDC.getCopyOfContextMap());
        }
    }

    static final class Program {

        private static final ContextKey<String> ID = ContextKey.<String>builder("request id")
                .mirror(MdcMirror.to("requestId"))
                .build();

        private static final Logger LOGGER = LoggerFactory.getLogger(Program.class);

        private Program() {
        }

        public static void main(String[] args) throws Exception {
            MDC.put("requestId", "former");
            MDC.put("tenant", "acme");
            ContextSnapshot before = ScopedContext.carrying(MdcCarrier.all()).call(ScopedContext::capture);
            ScopedContext.where(ID, "r1").carrying(MdcCarrier.all()).<Void, Exception>call(() -> {
                LOGGER.warn("in {}", LOGGER.getClass().getSimpleName());
                try (var scope = TaskScope.open(Joiner.<String>awaitAllSuccessfulOrThrow())) {
                    scope.fork(() -> LOGGER.warn("subtask"));
                    scope.join();
                }
                LOGGER.warn("body");
                before.run(() -> LOGGER.warn("empty context"));
                return null;
            });
            LOGGER.warn("after");
        }
    }
}
