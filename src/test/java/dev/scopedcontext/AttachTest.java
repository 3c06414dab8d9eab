package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.support.Shown;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Attaching bindings and closing the attachment. */
@ExtendWith(CleanThread.class)
class AttachTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    private static Attachment attach(String user) {
        return ScopedContext.where(USER, user).attach();
    }

    @Test
    void attachmentBindsUntilItIsClosed() {
        Attachment alice = attach("alice");
        assertThat(USER.get()).isEqualTo("alice");
        alice.close();
        assertThat(USER.isBound()).isFalse();
    }

    @Test
    void attachmentWorksInsideRun() {
        ScopedContext.where(USER, "alice").where(TENANT, "acme").run(() -> {
            try (Attachment bob = attach("bob")) {
                assertThat(USER.get()).isEqualTo("bob");
                assertThat(TENANT.get()).isEqualTo("acme");
            }
            assertThat(USER.get()).isEqualTo("alice");
        });
    }

    @Test
    void attachmentIsSeenByTheCallerOfWhoAttached() {
        ScopedContext.where(TENANT, "acme").run(() -> {
            Attachment alice = callback();
            assertThat(USER.get()).isEqualTo("alice");
            alice.close();
        });
    }

    private static Attachment callback() {
        return attach("alice");
    }

    @Test
    void runInsideAnAttachmentAddsToIt() {
        try (Attachment alice = attach("alice")) {
            ScopedContext.where(TENANT, "acme").run(() -> {
                assertThat(USER.get()).isEqualTo("alice");
                assertThat(TENANT.get()).isEqualTo("acme");
                try (Attachment bob = attach("bob")) {
                    assertThat(USER.get()).isEqualTo("bob");
                }
                assertThat(USER.get()).isEqualTo("alice");
            });
            assertThat(TENANT.isBound()).isFalse();
        }
    }

    @Test // X1
    void helperThatEntersTwoLeavesBoth() {
        try (Attachment tenant = ScopedContext.where(TENANT, "acme").attach(); Attachment user = attach("alice")) {
            assertThat(USER.get() + "@" + TENANT.get()).isEqualTo("alice@acme");
        }
        assertThat(ScopedContext.capture().keys()).isEmpty();
    }

    @Test // X3
    void closingTwiceIsFine() {
        ScopedContext.where(USER, "alice").run(() -> {
            Attachment bob = attach("bob");
            bob.close();
            Attachment carol = attach("carol");
            bob.close();
            assertThat(USER.get()).isEqualTo("carol");
            carol.close();
        });
    }

    @Test // X3
    void closingInsideALaterRunIsRefusedAndChangesNothing() {
        try (Attachment alice = attach("alice")) {
            Runnable closes = () -> {
                assertThatThrownBy(alice::close).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("Attachment[user] cannot be closed inside a run or call that began")
                        .hasMessageContaining("Nothing was changed");
                assertThat(USER.get()).isEqualTo("alice");
            };
            ScopedContext.where(TENANT, "acme").run(closes);
            ScopedContext.capture().run(closes);
        }
    }

    @Test // X3
    void closingByAnotherThreadIsRefusedAndChangesNothing() throws Exception {
        Thread me = Thread.currentThread();
        try (Attachment alice = attach("alice")) {
            OnThread.run(() -> assertThatThrownBy(alice::close).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Attachment[user] was attached by " + me)
                    .hasMessageContaining("this is " + Thread.currentThread())
                    .hasMessageContaining("Nothing was changed"));
            assertThat(USER.get()).isEqualTo("alice");
        }
    }

    @Test // X3
    void closedAttachmentMayBeClosedAgainByAnotherThread() throws Exception {
        Attachment alice = attach("alice");
        alice.close();
        OnThread.run(alice::close);
    }

    @Test
    void hookMayCloseItsOwnAttachment() {
        Attachment alice = attach("alice");
        ScopedContext.onExit(failure -> alice.close());
        alice.close();
        assertThat(USER.isBound()).isFalse();
    }

    @Test
    void attachmentLeftOpenInARunIsDropped() {
        AtomicReference<Attachment> left = new AtomicReference<>();
        try (LogLines log = LogLines.capture()) {
            ScopedContext.where(TENANT, "acme").run(() -> left.set(attach("alice")));
            assertThat(log.messages()).singleElement().asString()
                    .startsWith("Attachment[user] was still open when the run or call around it ended, and was dropped")
                    .contains("-Dscopedcontext.strict=true");
            assertThat(log.causes()).containsOnlyNulls();
        }
        assertThat(USER.isBound()).isFalse();
        left.get().close();
    }

    @Test
    void hooksOfADroppedAttachmentRunWithItsValuesAndTheFailure() {
        IllegalStateException body = new IllegalStateException("body");
        AtomicReference<String> seen = new AtomicReference<>();
        try (LogLines log = LogLines.capture()) {
            assertThatThrownBy(() -> ScopedContext.where(TENANT, "acme").run(() -> {
                ScopedContext.onExit(failure -> seen.set(seen.get() + " then " + USER.isBound()));
                attach("alice");
                ScopedContext.onExit(failure -> seen.set(USER.get() + " " + failure.getMessage()));
                throw body;
            })).isSameAs(body);
            assertThat(log.messages()).hasSize(1);
        }
        assertThat(seen).hasValue("alice body then false");
    }

    @Test
    void bodyMayThrowUnrelatedCheckedExceptions() {
        assertThatThrownBy(() -> throwsTwo(true)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> throwsTwo(false)).isInstanceOf(InterruptedException.class);
    }

    private static void throwsTwo(boolean first) throws IOException, InterruptedException {
        try (Attachment alice = attach("alice")) {
            if (first) {
                throw new IOException(USER.get());
            }
            throw new InterruptedException(USER.get());
        }
    }

    @Test
    void eachThreadAttachesForItself() throws Exception {
        try (Attachment alice = attach("alice")) {
            OnThread.run(() -> {
                assertThat(USER.isBound()).isFalse();
                try (Attachment bob = attach("bob")) {
                    assertThat(USER.get()).isEqualTo("bob");
                }
                assertThat(CleanThread.cell()).isNull();
            });
        }
    }

    @Test
    void attachmentTellsItsKeys() {
        try (Attachment both = ScopedContext.where(TENANT, "acme").where(USER, "alice").attach()) {
            assertThat(both).hasToString("Attachment[user, tenant]");
        }
    }

    @Test // X6
    void attachmentWhoseMirrorFailsLeavesNothing() {
        IllegalStateException failure = new IllegalStateException("show");
        Shown first = new Shown();
        Shown second = new Shown();
        second.failsToShow.set(failure);
        ContextKey<String> shown = ContextKey.<String>builder("shown").mirror(first).mirror(second).build();
        assertThatThrownBy(() -> ScopedContext.where(shown, "x").attach()).isSameAs(failure);
        assertThat(shown.isBound()).isFalse();
        assertThat(first.value.get()).isNull();
    }
}
