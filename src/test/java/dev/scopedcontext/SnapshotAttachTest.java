package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.support.Shown;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A captured context that is in effect from {@code attach()} to {@code close()}. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("CheckReturnValue") // only the call matters
class SnapshotAttachTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    private final Shown mirror = new Shown();
    private final ContextKey<String> mirrored = ContextKey.<String>builder("mirrored").mirror(mirror).build();
    private final List<@Nullable Object> log = new ArrayList<>();
    private final ContextKey<String> own = ContextKey.<String>builder("own")
            .handOff(HandOff.perTask(captured -> captured + " of the task", opened -> log.add("closed " + opened)))
            .build();
    private final ContextSnapshot alice = ScopedContext.where(USER, "alice").call(ScopedContext::capture);

    @Test
    void whatIsBoundIsReplacedAndPutBack() {
        ScopedContext.where(USER, "bob").where(TENANT, "acme").run(() -> {
            try (Attachment attached = alice.attach()) {
                assertThat(USER.get()).isEqualTo("alice");
                assertThat(TENANT.isBound()).isFalse();
                assertThat(ScopedContext.capture()).isSameAs(alice);
            }
            assertThat(USER.get()).isEqualTo("bob");
            assertThat(TENANT.get()).isEqualTo("acme");
        });
    }

    @Test
    void thereNeedBeNoRunAround() throws Exception {
        OnThread.run(() -> {
            try (Attachment attached = alice.attach()) {
                assertThat(USER.get()).isEqualTo("alice");
                ScopedContext.onExit(failure -> log.add(USER.get()));
            }
            assertThat(USER.isBound()).isFalse();
            assertThat(CleanThread.cell()).isNull();
        });
        assertThat(log).isNotEmpty().containsOnly("alice");
    }

    @Test
    void theEmptyOneHidesWhatIsBound() {
        ScopedContext.where(USER, "bob").where(mirrored, "shown").run(() -> {
            try (Attachment attached = ContextSnapshot.empty().attach()) {
                assertThat(USER.isBound()).isFalse();
                assertThat(mirror.value.get()).isNull();
            }
            assertThat(mirror.value.get()).isEqualTo("shown");
        });
    }

    @Test
    void handOffsMirrorsAndCarriersTakePart() {
        ThreadLocal<@Nullable String> foreign = new ThreadLocal<>();
        foreign.set("captured");
        ContextSnapshot captured = ScopedContext.where(own, "value").where(mirrored, "shown")
                .carrying(carrier(foreign)).call(ScopedContext::capture);
        foreign.set("before");
        try (Attachment attached = captured.attach()) {
            assertThat(own.get()).isEqualTo("value of the task");
            assertThat(mirror.value.get()).isEqualTo("shown");
            assertThat(foreign.get()).isEqualTo("captured");
            assertThat(log).isEmpty();
        }
        assertThat(log).containsExactly("closed value of the task");
        assertThat(mirror.value.get()).isNull();
        assertThat(foreign.get()).isEqualTo("before");
        foreign.remove();
    }

    @Test
    void aFailureOnEntryLeavesEverythingAsItWas() {
        IllegalStateException failure = new IllegalStateException("show");
        ContextSnapshot captured = ScopedContext.where(own, "value").where(mirrored, "shown")
                .call(ScopedContext::capture);
        mirror.failsToShow.set(failure);
        ScopedContext.where(USER, "bob").run(() -> {
            assertThatThrownBy(captured::attach).isSameAs(failure);
            assertThat(USER.get()).isEqualTo("bob");
            assertThat(log).containsExactly("closed value of the task");
        });
        assertThatThrownBy(captured::attach).isSameAs(failure);
        assertThat(USER.isBound()).isFalse();
    }

    @Test
    void attachmentsThatAreNotClosedInReverseOrderTellWhatTheyAre() {
        Attachment outer = alice.attach();
        ScopedContext.where(TENANT, "acme").attach();
        try (LogLines lines = LogLines.capture()) {
            outer.close();
            assertThat(lines.messages()).singleElement().asString()
                    .startsWith(
                            "Attachment of ContextSnapshot[user] was closed while Attachment[tenant], attached after");
        }
        assertThat(USER.isBound()).isFalse();
        assertThat(TENANT.isBound()).isFalse();
    }

    private static ThreadStateCarrier carrier(ThreadLocal<@Nullable String> foreign) {
        return () -> {
            String captured = foreign.get();
            return () -> {
                String before = foreign.get();
                foreign.set(captured);
                return () -> foreign.set(before);
            };
        };
    }
}
