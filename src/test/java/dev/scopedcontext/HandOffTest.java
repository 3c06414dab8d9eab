package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.LogLines;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hand-offs that copy, read each other's values, or attach, and mirrors and carriers that attach. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("CheckReturnValue") // only the call matters
class HandOffTest {

    private static final ContextKey<String> OTHER = ContextKey.named("other");

    private final List<String> log = new ArrayList<>();

    /** A key whose values are opened by a function, which is logged. */
    private ContextKey<String> perTask(String name, Function<String, String> open) {
        return ContextKey.<String>builder(name).handOff(HandOff.perTask(captured -> {
            log.add("open " + name);
            return open.apply(captured);
        }, opened -> log.add("close " + opened))).build();
    }

    @Test
    void valuesAreOpenedOldestFirstAndClosedInReverse() {
        ContextKey<String> connection = perTask("connection", captured -> "own " + captured);
        ContextKey<String> batch = perTask("batch", captured -> captured + " on " + connection.get());
        ContextSnapshot snapshot = ScopedContext.where(connection, "c").where(batch, "b").call(ScopedContext::capture);
        for (int i = 0; i < 2; i++) {
            log.clear();
            snapshot.run(() -> log.add(batch.get() + ", " + connection.get()));
            assertThat(log).containsExactly("open connection", "open batch", "b on own c, own c", "close b on own c",
                    "close own c");
        }
        log.clear();
        try (Attachment attachment = snapshot.attach()) {
            log.add(batch.get());
        }
        assertThat(log).containsExactly("open connection", "open batch", "b on own c", "close b on own c",
                "close own c");
    }

    @Test
    void aValueThatAnOlderOneNeedsIsOpenedWhenItIsRead() {
        ContextKey<String> connection = perTask("connection", captured -> "own " + captured);
        ContextKey<String> batch = perTask("batch", captured -> captured + " on " + connection.get());
        ContextSnapshot snapshot = ScopedContext.where(batch, "b").where(connection, "c").call(ScopedContext::capture);
        snapshot.run(() -> log.add(batch.get() + ", " + connection.get()));
        assertThat(log).containsExactly("open batch", "open connection", "b on own c, own c", "close b on own c",
                "close own c");
    }

    @Test
    void noTaskWritesIntoTheCapturedCopy() {
        for (boolean older : new boolean[]{true, false}) {
            ContextKey<List<String>> notes = ContextKey.<List<String>>builder("notes")
                    .handOff(HandOff.copy(ArrayList::new)).build();
            ContextKey<String> job = perTask("job", captured -> {
                notes.get().add("started");
                return captured;
            });
            Bindings bindings = older
                    ? ScopedContext.where(notes, new ArrayList<>()).where(job, "j")
                    : ScopedContext.where(job, "j").where(notes, new ArrayList<>());
            ContextSnapshot snapshot = bindings.call(ScopedContext::capture);
            for (int i = 0; i < 3; i++) {
                snapshot.run(() -> assertThat(notes.get()).containsExactly("started"));
            }
        }
    }

    @Test
    void whileItIsOpenedAValueReadsAsTheCapturedOne() {
        List<String> seen = new ArrayList<>();
        ContextKey<String> second = perTask("second", captured -> captured);
        ContextKey<?>[] first = new ContextKey<?>[1];
        ContextKey<String> circle = perTask("first", captured -> {
            seen.add(first[0].get() + " " + second.get());
            return "own " + captured;
        });
        first[0] = circle;
        ScopedContext.where(circle, "1").where(second, "2").call(ScopedContext::capture)
                .run(() -> seen.add(circle.get()));
        assertThat(seen).containsExactly("1 2", "own 1");
    }

    @Test
    void whatAHandOffCapturesHasTheValuesOfTheTask() {
        ContextKey<String> later = perTask("later", captured -> "own " + captured);
        @Nullable
        ContextSnapshot[] inner = new ContextSnapshot[1];
        ContextKey<String> forking = perTask("forking", captured -> {
            inner[0] = ScopedContext.capture();
            return captured;
        });
        ScopedContext.where(forking, "f").where(later, "l").call(ScopedContext::capture).run(() -> {
        });
        assertThat(inner[0].get(later)).isEqualTo("own l");
        assertThat(inner[0].get(forking)).isEqualTo("f");
    }

    @Test
    void aRefusalClosesTheValuesThatWereOpened() {
        IllegalStateException failure = new IllegalStateException("pool exhausted");
        ContextKey<String> first = perTask("first", captured -> captured);
        ContextKey<String> second = perTask("second", captured -> {
            throw failure;
        });
        ContextKey<String> third = perTask("third", captured -> captured);
        ContextSnapshot snapshot = ScopedContext.where(first, "1").where(second, "2").where(third, "3")
                .call(ScopedContext::capture);
        assertThatThrownBy(() -> snapshot.run(() -> log.add("ran"))).isSameAs(failure);
        assertThat(log).containsExactly("open first", "open second", "close 1");
        assertThatThrownBy(snapshot::attach).isSameAs(failure);
        assertThat(first.isBound()).isFalse();
    }

    @Test
    void admissionIsDecidedBeforeAnyValueIsOpened() {
        IllegalStateException refusal = new IllegalStateException("not today");
        ContextKey<String> first = perTask("first", captured -> captured);
        ContextKey<String> late = ContextKey.<String>builder("late").handOff(new HandOff<>() {
            @Override
            public void admit(String captured) {
                throw refusal;
            }
        }).build();
        ContextSnapshot snapshot = ScopedContext.where(first, "1").where(late, "x").call(ScopedContext::capture);
        assertThatThrownBy(() -> snapshot.run(() -> log.add("ran"))).isSameAs(refusal);
        assertThat(log).isEmpty();
    }

    @Test
    void aHandOffThatAttachesKeepsItsAttachmentBeneathTheValuesOfTheTask() {
        Attachment[] attached = new Attachment[1];
        ContextKey<String> key = perTask("key", captured -> {
            attached[0] = ScopedContext.where(OTHER, "attached").attach();
            return "own " + captured;
        });
        ContextKey<String> next = perTask("next", captured -> OTHER.get());
        ContextSnapshot snapshot = ScopedContext.where(key, "k").where(next, "n").call(ScopedContext::capture);
        try (LogLines lines = LogLines.capture()) {
            snapshot.run(() -> {
                assertThat(key.get() + ", " + next.get() + ", " + OTHER.get()).isEqualTo("own k, attached, attached");
                attached[0].close();
                assertThat(key.get() + ", " + next.get() + ", " + OTHER.orElse("-")).isEqualTo("own k, attached, -");
            });
            assertThat(lines.messages()).isEmpty();
            snapshot.run(() -> assertThat(OTHER.get()).isEqualTo("attached"));
            assertThat(lines.messages()).singleElement().asString().contains("was still open");
        }
        assertThat(OTHER.isBound()).isFalse();
        assertThat(Current.scope()).isNull();
    }

    @Test
    void theOpenedValueWinsOverOneThatItsHandOffAttaches() {
        ContextKey<?>[] self = new ContextKey<?>[1];
        ContextKey<String> key = ContextKey.<String>builder("key").handOff(HandOff.perTask(captured -> {
            ScopedContext.where(asStrings(self[0]), "attached").attach();
            return "own " + captured;
        }, opened -> {
        })).build();
        self[0] = key;
        try (LogLines lines = LogLines.capture()) {
            ScopedContext.where(key, "k").call(ScopedContext::capture)
                    .run(() -> assertThat(key.get()).isEqualTo("own k"));
            assertThat(lines.messages()).hasSize(1);
        }
    }

    @SuppressWarnings("unchecked")
    private static ContextKey<String> asStrings(ContextKey<?> key) {
        return (ContextKey<String>) key;
    }

    @Test
    void mirrorsAndCarriersThatAttachKeepTheirAttachmentsUntilTheEnd() {
        ContextKey<String> mirrored = ContextKey.<String>builder("mirrored").mirror(new KeyMirror<String>() {
            @Override
            public Runnable show(String value) {
                return ScopedContext.where(OTHER, "shown " + value).attach()::close;
            }

            @Override
            public Runnable hide() {
                return ScopedContext.where(OTHER, "hidden").attach()::close;
            }
        }).build();
        ContextKey<String> carried = ContextKey.named("carried");
        ThreadStateCarrier carrier = () -> () -> ScopedContext.where(carried, "installed").attach()::close;
        ContextKey<String> own = perTask("own", captured -> "own " + captured);
        ContextSnapshot snapshot = ScopedContext.where(own, "o").where(mirrored, "m").carrying(carrier)
                .call(ScopedContext::capture);
        try (LogLines lines = LogLines.capture()) {
            Runnable check = () -> assertThat(own.get() + ", " + OTHER.get() + ", " + carried.get())
                    .isEqualTo("own o, shown m, installed");
            snapshot.run(() -> {
                check.run();
                ScopedContext.onExit(failure -> check.run());
                ContextSnapshot.empty().run(() -> assertThat(OTHER.get()).isEqualTo("hidden"));
                check.run();
            });
            try (Attachment attached = snapshot.attach()) {
                check.run();
            }
            ScopedContext.where(mirrored, "n").run(() -> assertThat(OTHER.get()).isEqualTo("shown n"));
            try (Attachment attached = ScopedContext.where(mirrored, "p").attach()) {
                assertThat(OTHER.get()).isEqualTo("shown p");
            }
            assertThat(lines.messages()).isEmpty();
        }
        assertThat(Current.scope()).isNull();
    }

    @Test
    void copierIsNotAskedToCopyNull() {
        ContextKey<String> copied = ContextKey.<String>builder("copied").handOff(HandOff.copy(String::strip)).build();
        ScopedContext.where(copied, null)
                .run(() -> ScopedContext.capture().run(() -> assertThat(copied.isBound()).isTrue()));
    }
}
