package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScopes;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Resources per task whose openers use themselves in tasks of their own, which have opened nothing yet. */
@OnEachEngine
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PerTaskCircleTest {

    private static final int TOO_DEEP = 30;

    private final NamedContext request = NamedContext.named("request");
    private final AtomicInteger depth = new AtomicInteger();
    private final AtomicReference<Callable<String>> opener = new AtomicReference<>(() -> "self");
    private final ResourceKey<String> self = perTask(request, "self");

    private ResourceKey<String> perTask(NamedContext context, String name) {
        return context.resource(name, String.class, () -> {
            assertThat(depth.incrementAndGet()).isLessThan(TOO_DEEP);
            return opener.get().call();
        }, closed -> {
        }).perTask();
    }

    @Test
    void openerThatRunsASnapshotWhichUsesItIsACircle() {
        opener.set(() -> ScopedContext.capture().call(self::get));
        assertThatThrownBy(() -> request.session().run(self::get)).isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("Resources need each other to be opened: request.self → request.self. Open one of them"
                        + " without the other, and supply the other one later");
        assertThat(depth).hasValue(1);
    }

    @Test
    void openerWhoseSubtasksUseItIsACircle() {
        opener.set(() -> TaskScopes.par(self::get, () -> "other", String::concat));
        assertThatThrownBy(() -> request.session().run(self::get))
                .hasRootCauseExactlyInstanceOf(IllegalStateException.class)
                .hasStackTraceContaining("Resources need each other to be opened: request.self → request.self. ");
        assertThat(depth).hasValue(1);
    }

    @Test
    void circleThroughAnotherContextIsShown() {
        NamedContext app = NamedContext.named("app");
        ResourceKey<String> above = app.resource("above", String.class,
                () -> ScopedContext.capture().call(() -> "above " + self.get()), closed -> {
                }).perTask();
        opener.set(() -> ScopedContext.capture().call(above::get));
        assertThatThrownBy(() -> app.session().run(() -> request.session().run(self::get)))
                .isExactlyInstanceOf(IllegalStateException.class).hasMessageStartingWith(
                        "Resources need each other to be opened: request.self → app.above → request.self. ");
    }

    @Test
    void openerMayUseTheResourceOfAnotherSession() {
        opener.set(() -> {
            opener.set(() -> "inner");
            return request.session().call(() -> ScopedContext.capture().call(() -> "outer of " + self.get()));
        });
        assertThat(request.session().<String, RuntimeException>call(self::get)).isEqualTo("outer of inner");
    }

    @Test
    void twoTasksAreNoCircle() throws Exception {
        opener.set(() -> "own");
        assertThat(request.session().call(() -> self.get() + TaskScopes.par(self::get, self::get, String::concat)))
                .isEqualTo("ownownown");
    }

    @Test
    void resourceCanBeOpenedAfterACircleWasRefused() {
        opener.set(() -> ScopedContext.capture().call(self::get));
        request.session().run(() -> {
            assertThatThrownBy(self::get).isInstanceOf(IllegalStateException.class);
            opener.set(() -> "opened");
            assertThat(self.get()).isEqualTo("opened");
        });
    }
}
