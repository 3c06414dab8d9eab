package dev.scopedcontext.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An end is reached once, whatever becomes of the context around it. */
class EndingsTest {

    private final List<@Nullable Throwable> told = new ArrayList<>();
    private final IllegalStateException refusal = new IllegalStateException("refused");
    private final IllegalStateException atEnd = new IllegalStateException("end");
    private final Exception work = new Exception("work");

    private void refuse(Runnable op) {
        throw refusal;
    }

    private void fail(@Nullable Throwable failure) {
        told.add(failure);
        throw atEnd;
    }

    @Test
    void endRunsInsideOfTheContext() {
        List<String> events = new ArrayList<>();
        Endings.reach(op -> {
            events.add("enter");
            op.run();
            events.add("leave");
        }, refused -> events.add("end " + refused));
        assertThat(events).containsExactly("enter", "end null", "leave");
    }

    @Test
    void endRunsOutsideOfAContextThatRefusesAndIsToldSo() {
        assertThatThrownBy(() -> Endings.reach(this::refuse, told::add)).isSameAs(refusal);
        assertThat(told).containsExactly(refusal);
    }

    @Test
    void endRunsOnceWhereTheContextCannotBeLeft() {
        Consumer<Runnable> context = op -> {
            op.run();
            throw refusal;
        };
        assertThatThrownBy(() -> Endings.reach(context, told::add)).isSameAs(refusal);
        assertThat(told).hasSize(1).containsOnlyNulls();
    }

    @Test
    void endRunsOnceWhereItFails() {
        assertThatThrownBy(() -> Endings.reach(Runnable::run, this::fail)).isSameAs(atEnd);
        assertThat(told).hasSize(1).containsOnlyNulls();
    }

    /** As a scope of a user may do by mistake. */
    @Test
    void endRunsOutsideOfAContextThatReturnsWithoutRunningIt() {
        Consumer<Runnable> context = op -> {
        };
        Endings.reach(context, told::add);
        Endings.reach(context, work, told::add);
        assertThat(told).containsExactly(null, work);
        assertThatThrownBy(() -> Endings.reach(context, this::fail)).isSameAs(atEnd);
        Endings.reach(context, work, this::fail);
        assertThat(work.getSuppressed()).containsExactly(atEnd);
    }

    @Test
    void failureOfTheEndIsSuppressedIntoTheRefusal() {
        assertThatThrownBy(() -> Endings.reach(this::refuse, this::fail)).isSameAs(refusal)
                .hasSuppressedException(atEnd);
    }

    @Test
    void allFailuresAreSuppressedIntoThatOfTheWork() {
        Endings.reach(this::refuse, work, this::fail);
        assertThat(told).containsExactly(work);
        assertThat(work.getSuppressed()).containsExactly(refusal, atEnd);
    }

    @Test
    void theSameFailureTwiceIsOne() {
        Endings.reach(op -> {
            throw refusal;
        }, refusal, failure -> {
            told.add(failure);
            throw refusal;
        });
        assertThat(told).containsExactly(refusal);
        assertThat(refusal.getSuppressed()).isEmpty();
    }

    @Test
    void allStepsAreAttempted() {
        Throwable first = Failures.attempt(null, () -> told.add(null));
        assertThat(first).isNull();
        first = Failures.attempt(first, () -> {
            throw work;
        });
        first = Failures.attempt(first, () -> fail(work));
        assertThat(first).isSameAs(work).hasSuppressedException(atEnd);
        assertThat(told).containsExactly(null, work);
    }
}
