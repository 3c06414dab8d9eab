package dev.scopedcontext.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.slf4j.MdcCarrier;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScope;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Log lines of subtasks and executor tasks, in the pattern of Logback. */
@OnEachEngine
class LogLinesOfTasksTest {

    private static final ContextKey<String> ID = ContextKey.<String>builder("request id")
            .mirror(MdcMirror.to("requestId"))
            .build();

    private final Logger logger = (Logger) LoggerFactory.getLogger(LogLinesOfTasksTest.class);
    private final Lines lines = new Lines(logger.getLoggerContext());

    @BeforeEach
    void readLines() {
        logger.addAppender(lines);
        logger.setAdditive(false);
    }

    @AfterEach
    void readNoMore() {
        logger.detachAppender(lines);
        MDC.clear();
    }

    @Test
    void subtasksAndTheirSubtasksWriteTheIdOfTheRequest() throws Exception {
        ScopedContext.where(ID, "r1").<Void, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>awaitAllSuccessfulOrThrow())) {
                scope.fork(() -> logger.warn("first"));
                scope.fork(() -> {
                    try (var inner = TaskScope.open(Joiner.<String>awaitAllSuccessfulOrThrow())) {
                        inner.fork(() -> logger.warn("inner"));
                        inner.join();
                    }
                    return "done";
                });
                scope.fork(() -> ScopedContext.where(ID, "r2").run(() -> logger.warn("other")));
                scope.join();
            }
            logger.warn("last");
            return null;
        });
        logger.warn("after");
        assertThat(lines.read).containsExactlyInAnyOrder("[r1|] first", "[r1|] inner", "[r2|] other", "[r1|] last",
                "[|] after");
    }

    @Test
    void tasksOfAnExecutorWriteTheIdOfTheRequestThatSubmitsThem() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            ExecutorService executor = ContextExecutors.propagating(threads);
            for (String id : List.of("r1", "r2")) {
                ScopedContext.where(ID, id).call(() -> executor.submit(() -> logger.warn("task"))).get();
            }
            threads.submit(() -> logger.warn("plain")).get();
            assertThat(lines.read).containsExactly("[r1|] task", "[r2|] task", "[|] plain");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void subtasksWriteWhatElseIsInTheMdcWhereItIsCarried() throws Exception {
        MDC.put("tenant", "acme");
        ScopedContext.where(ID, "r1").carrying(MdcCarrier.all()).<Void, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>awaitAllSuccessfulOrThrow())) {
                scope.fork(() -> logger.warn("subtask"));
                scope.join();
            }
            return null;
        });
        ScopedContext.where(ID, "r2").<Void, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>awaitAllSuccessfulOrThrow())) {
                scope.fork(() -> logger.warn("without"));
                scope.join();
            }
            return null;
        });
        assertThat(lines.read).containsExactly("[r1|acme] subtask", "[r2|] without");
    }

    /** Collects formatted lines, rendered on the thread that writes them. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        final List<String> read = new CopyOnWriteArrayList<>();
        private final PatternLayout layout = new PatternLayout();

        @SuppressWarnings("this-escape")
        Lines(LoggerContext context) {
            layout.setContext(context);
            layout.setPattern("[%X{requestId}|%X{tenant}] %m");
            layout.start();
            start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            read.add(layout.doLayout(event));
        }
    }
}
