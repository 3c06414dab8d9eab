package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.ChildJvm;
import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.executor.ContextExecutors;
import java.util.logging.Logger;
import java.util.logging.LogRecord;
import java.util.logging.Handler;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.CountDownLatch;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The checks that {@code -Dscopedcontext.strict=true} adds. Each test is a program in a JVM of its own. */
@Tag("per-jdk")
@SuppressWarnings("CheckReturnValue") // only the call matters
class StrictModeTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<Integer> LEVEL = ContextKey.named("level");

    private static void runsStrictly(Class<?> program) throws Exception {
        String backend = System.getProperty("scopedcontext.backend");
        ChildJvm jvm = new ChildJvm().with("-Dscopedcontext.strict=true");
        if (backend != null) {
            jvm.with("-Dscopedcontext.backend=" + backend);
        }
        assertThat(jvm.run(program)).contains("done on " + ScopedContext.backend().kind());
    }

    private static void done() {
        System.out.println("done on " + ScopedContext.backend().kind());
    }

    @Test
    void attachmentLeftOpenInARunIsAnExceptionThatShowsThePlace() throws Exception {
        runsStrictly(LeavesOpenInRun.class);
    }

    static final class LeavesOpenInRun {

        public static void main(String[] args) {
            assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(LeavesOpenInRun::forgets))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Attachment[user] was still open when the run")
                    .satisfies(thrown -> assertThat(thrown.getCause()).hasMessage("attached here")
                            .satisfies(place -> assertThat(place.getStackTrace())
                                    .anyMatch(frame -> frame.getMethodName().equals("forgets"))));
            assertThat(USER.isBound()).isFalse();
            done();
        }

        private static void forgets() {
            ScopedContext.where(USER, "bob").attach();
        }
    }

    @Test
    void thatExceptionIsSuppressedIntoTheBodysOwn() throws Exception {
        runsStrictly(LeavesOpenAndFails.class);
    }

    static final class LeavesOpenAndFails {

        public static void main(String[] args) {
            IllegalArgumentException body = new IllegalArgumentException("body");
            assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
                ScopedContext.where(USER, "bob").attach();
                throw body;
            })).isSameAs(body).satisfies(thrown -> assertThat(thrown.getSuppressed()).singleElement()
                    .isInstanceOf(IllegalStateException.class));
            done();
        }
    }

    @Test
    void attachmentClosedBeforeAnInnerOneIsAnExceptionWhenEverythingIsPutBack() throws Exception {
        runsStrictly(ClosesOutOfOrder.class);
    }

    static final class ClosesOutOfOrder {

        public static void main(String[] args) {
            checks();
            ScopedContext.where(TENANT, "acme").run(ClosesOutOfOrder::checks);
            done();
        }

        private static void checks() {
            Attachment outer = ScopedContext.where(USER, "alice").attach();
            Attachment inner = forgets();
            IllegalArgumentException hook = new IllegalArgumentException("hook");
            assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "Attachment[user] was closed while Attachment[level], attached after it, was"
                                    + " still open. Both are closed, and the previous bindings are restored")
                    .satisfies(thrown -> assertThat(thrown.getCause()).hasMessage("attached here")
                            .satisfies(place -> assertThat(place.getStackTrace())
                                    .anyMatch(frame -> frame.getMethodName().equals("forgets"))));
            assertThat(USER.isBound()).isFalse();
            assertThat(LEVEL.isBound()).isFalse();
            inner.close();
            Attachment again = ScopedContext.where(USER, "bob").attach();
            forgets();
            ScopedContext.onExit(failure -> {
                throw hook;
            });
            assertThatThrownBy(again::close).isSameAs(hook).satisfies(thrown -> assertThat(thrown.getSuppressed())
                    .singleElement().isInstanceOf(IllegalStateException.class));
            assertThat(USER.isBound()).isFalse();
        }

        private static Attachment forgets() {
            return ScopedContext.where(LEVEL, 1).attach();
        }
    }

    @Test
    void attachmentCollectedUnclosedIsReportedOnAThreadWithNoRunAround() throws Exception {
        runsStrictly(LosesAttachment.class);
    }

    static final class LosesAttachment {

        public static void main(String[] args) throws InterruptedException {
            try (LogLines log = LogLines.capture()) {
                ScopedContext.where(USER, "alice").attach();
                while (log.messages().isEmpty()) {
                    System.gc();
                    Thread.sleep(10);
                }
                assertThat(log.messages()).singleElement().asString()
                        .startsWith("Attachment[user] was never closed")
                        .contains(Thread.currentThread().toString());
                assertThat(log.causes()).singleElement()
                        .satisfies(place -> assertThat(place.getStackTrace())
                                .anyMatch(frame -> frame.getClassName().equals(LosesAttachment.class.getName())));
            }
            done();
        }
    }

    @Test
    void closedAttachmentsAreNotReported() throws Exception {
        runsStrictly(ClosesAttachments.class);
    }

    static final class ClosesAttachments {

        public static void main(String[] args) throws InterruptedException {
            try (LogLines log = LogLines.capture()) {
                for (int i = 0; i < 100; i++) {
                    try (Attachment outer = ScopedContext.where(USER, "alice").attach();
                            Attachment inner = ScopedContext.where(USER, "bob").attach()) {
                        assertThat(List.of(outer, inner)).allMatch(a -> a.toString().equals("Attachment[user]"));
                    }
                }
                // Reported last, so all earlier reports have arrived.
                ScopedContext.where(USER, "lost").attach();
                while (log.messages().isEmpty()) {
                    System.gc();
                    Thread.sleep(10);
                }
                assertThat(log.messages()).hasSize(1);
            }
            done();
        }
    }

    @Test
    void closingOnAnotherThreadOrInALaterRunShowsThePlaceOfTheAttach() throws Exception {
        runsStrictly(ClosesElsewhere.class);
    }

    static final class ClosesElsewhere {

        public static void main(String[] args) throws Exception {
            try (Attachment alice = attaches()) {
                ScopedContext.where(TENANT, "acme").run(() -> refusesToClose(alice, "cannot be closed inside a run"));
                OnThread.run(() -> refusesToClose(alice, "can be closed by no other thread"));
                assertThat(USER.get()).isEqualTo("alice");
            }
            done();
        }

        private static Attachment attaches() {
            return ScopedContext.where(USER, "alice").attach();
        }

        private static void refusesToClose(Attachment alice, String reason) {
            assertThatThrownBy(alice::close).isInstanceOf(IllegalStateException.class).hasMessageContaining(reason)
                    .satisfies(thrown -> assertThat(thrown.getCause()).hasMessage("attached here")
                            .satisfies(place -> assertThat(place.getStackTrace())
                                    .anyMatch(frame -> frame.getMethodName().equals("attaches"))));
        }
    }

    @Test
    void readAfterTheEndOfAScopeSaysThatItHasEnded() throws Exception {
        runsStrictly(ReadsTooLate.class);
    }

    static final class ReadsTooLate {

        private static final String ENDED = "This thread has had a value in a scope that has ended, or that is hidden"
                + " here: read it in that scope, or capture the context where the value is bound, and run this code in"
                + " it";

        public static void main(String[] args) throws Exception {
            ContextKey<String> attached = ContextKey.named("attached");
            ContextKey<String> handedOver = ContextKey.named("handed over");
            assertThatThrownBy(USER::get).hasMessageContaining("Bind a value with ScopedContext.where");
            Stream<String> late = ScopedContext.where(USER, "alice").call(() -> Stream.of("x").map(x -> USER.get()));
            assertThatThrownBy(late::toList).hasMessageEndingWith("no context was handed to this thread. " + ENDED);
            ScopedContext.where(TENANT, "acme")
                    .run(() -> assertThatThrownBy(USER::get).hasMessageEndingWith("[tenant] is bound. " + ENDED));
            ScopedContext.where(attached, "x").attach().close();
            assertThatThrownBy(attached::get).hasMessageEndingWith(ENDED);
            ContextSnapshot snapshot = ScopedContext.where(handedOver, "x").call(ScopedContext::capture);
            OnThread.run(() -> {
                assertThatThrownBy(handedOver::get).hasMessageContaining("Bind a value with ScopedContext.where");
                snapshot.run(handedOver::get);
                assertThatThrownBy(handedOver::get).hasMessageEndingWith(ENDED);
            });
            done();
        }
    }

    @Test
    void closeableValueThatIsHandedOverByReferenceIsReportedOncePerKey() throws Exception {
        runsStrictly(SharesCloseables.class);
    }

    /** A task of {@code execute} runs whatever its context does, so it runs if the warning cannot be logged too. */
    @Test
    void loggerThatFailsKeepsNoTaskFromRunning() throws Exception {
        runsStrictly(CannotLog.class);
    }

    static final class CannotLog {

        public static void main(String[] args) throws Exception {
            ContextKey<AutoCloseable> shared = ContextKey.named("shared");
            AtomicBoolean asked = new AtomicBoolean();
            Handler failing = new Handler() {
                @Override
                public void publish(LogRecord record) {
                    asked.set(true);
                    throw new IllegalStateException("disk full");
                }

                @Override
                public void flush() {
                }

                @Override
                public void close() {
                }
            };
            Logger.getLogger("").addHandler(failing);
            CountDownLatch ran = new CountDownLatch(1);
            ScopedContext.where(shared, () -> {
            }).run(() -> ContextExecutors.propagating(task -> new Thread(task).start()).execute(ran::countDown));
            assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(asked).isTrue();
            done();
        }
    }

    static final class SharesCloseables {

        private static final ContextKey<AutoCloseable> SHARED = ContextKey.named("shared");
        private static final ContextKey<AutoCloseable> ON_PURPOSE = ContextKey.<AutoCloseable>builder("on purpose")
                .handOff(HandOff.inherit()).build();
        private static final ContextKey<AutoCloseable> OWN = ContextKey.<AutoCloseable>builder("own")
                .handOff(HandOff.drop()).build();

        public static void main(String[] args) throws Exception {
            AutoCloseable value = () -> {
            };
            try (LogLines log = LogLines.capture()) {
                ScopedContext.where(SHARED, value).where(ON_PURPOSE, value).where(OWN, value).where(USER, "alice")
                        .run(() -> {
                            ScopedContext.capture().run(SHARED::get);
                            assertThat(log.messages()).isEmpty();
                            handsOver();
                            handsOver();
                        });
                assertThat(log.messages()).singleElement().asString()
                        .matches("The value of ContextKey\\[shared] is AutoCloseable, and was handed to .*Thread.* by"
                                + " reference: the task may use it after it is closed\\. Give the key a hand-off:"
                                + " HandOff\\.drop\\(\\) or HandOff\\.perTask\\(\\.\\.\\.\\), or"
                                + " HandOff\\.inherit\\(\\) if tasks are to share the value");
                assertThat(log.levels()).containsExactly(Level.WARNING);
            }
            done();
        }

        private static void handsOver() {
            ContextSnapshot now = ScopedContext.capture();
            try {
                OnThread.run(() -> now.run(SHARED::get));
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        }
    }
}
