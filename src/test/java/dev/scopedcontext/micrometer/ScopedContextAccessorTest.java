package dev.scopedcontext.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.LogLines;
import dev.scopedcontext.ScopedContext;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextScheduledExecutorService;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.util.context.Context;

/** Our context in Micrometer's snapshots and executors, set and set back in and out of order. */
@ExtendWith(CleanThread.class)
class ScopedContextAccessorTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final ContextRegistry registry = new ContextRegistry()
            .registerThreadLocalAccessor(new ScopedContextAccessor());
    private final ContextSnapshotFactory factory = ContextSnapshotFactory.builder().contextRegistry(registry).build();
    private final ContextSnapshotFactory clearing = ContextSnapshotFactory.builder().contextRegistry(registry)
            .clearMissing(true).build();
    private final List<@Nullable String> seen = new CopyOnWriteArrayList<>();

    private ContextSnapshot captured(String user) {
        return ScopedContext.where(USER, user).call(() -> factory.captureAll());
    }

    @Test
    void wrappedTasksRunInTheContextThatWasCaptured() throws Exception {
        Runnable task = captured("alice").wrap(this::look);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        executor.submit(task).get();
        executor.submit(this::look).get();
        executor.shutdown();
        ScopedContext.where(USER, "bob").run(() -> {
            task.run();
            look();
        });
        task.run();
        look();
        assertThat(seen).containsExactly("alice", null, "alice", "bob", "alice", null);
    }

    @Test
    void executorsOfMicrometerTakeTheContextAlong() throws Exception {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        ExecutorService wrapped = ContextExecutorService.wrap(thread, factory::captureAll);
        ScheduledExecutorService scheduled = ContextScheduledExecutorService.wrap(thread, factory::captureAll);
        ScopedContext.where(USER, "alice").call(() -> wrapped.submit(this::look)).get();
        ScopedContext.where(USER, "bob").call(() -> scheduled.schedule(this::look, 1, TimeUnit.NANOSECONDS)).get();
        wrapped.submit(this::look).get();
        thread.shutdown();
        assertThat(seen).containsExactly("alice", "bob", null);
    }

    @Test
    void whatIsMissingIsClearedIfTheFactorySaysSo() {
        ContextSnapshot keeping = factory.captureAll();
        ContextSnapshot empty = clearing.captureAll();
        ScopedContext.where(USER, "bob").run(() -> {
            keeping.wrap(this::look).run();
            empty.wrap(() -> {
                look();
                captured("alice").wrap(this::look).run();
                look();
            }).run();
            look();
        });
        assertThat(seen).containsExactly("bob", null, "alice", null, "bob");
    }

    @Test
    void contextsNestAndAreSetBackOneByOne() {
        ContextSnapshot alice = captured("alice");
        ContextSnapshot bob = captured("bob");
        try (ContextSnapshot.Scope first = alice.setThreadLocals()) {
            try (ContextSnapshot.Scope second = bob.setThreadLocals()) {
                try (ContextSnapshot.Scope third = alice.setThreadLocals()) {
                    try (ContextSnapshot.Scope again = alice.setThreadLocals()) {
                        look();
                    }
                    look();
                }
                look();
            }
            look();
        }
        look();
        assertThat(seen).containsExactly("alice", "alice", "bob", "alice", null);
    }

    @Test
    void contextsNestWithOurOwnScopes() {
        ContextSnapshot alice = captured("alice");
        ContextSnapshot bob = captured("bob");
        ScopedContext.where(USER, "outer").run(() -> {
            try (ContextSnapshot.Scope first = alice.setThreadLocals()) {
                ScopedContext.where(USER, "inner").run(() -> {
                    try (ContextSnapshot.Scope second = bob.setThreadLocals()) {
                        look();
                    }
                    look();
                    alice.wrap(this::look).run();
                });
                try (Attachment attached = ScopedContext.where(USER, "attached").attach()) {
                    alice.wrap(this::look).run();
                    look();
                }
                look();
            }
            look();
        });
        assertThat(seen).containsExactly("bob", "inner", "alice", "alice", "attached", "alice", "outer");
    }

    @Test
    void whatWasSetSinceAndNotSetBackIsLeftToo() {
        ContextSnapshot.Scope first = captured("alice").setThreadLocals();
        for (int i = 0; i < 1_000; i++) {
            captured("user " + i).setThreadLocals();
        }
        look();
        first.close();
        look();
        assertThat(seen).containsExactly("user 999", null);
    }

    @Test
    void whatIsNotThereAnyMoreIsSetAnew() {
        ContextSnapshot.Scope first = captured("alice").setThreadLocals();
        ContextSnapshot.Scope second = captured("bob").setThreadLocals();
        for (int i = 0; i < 100; i++) {
            captured("user " + i).setThreadLocals();
        }
        ContextSnapshot.Scope third = captured("carol").setThreadLocals();
        first.close();
        third.close();
        look();
        second.close();
        look();
        first.close();
        look();
        assertThat(seen).containsExactly("user 99", "alice", null);
    }

    @Test
    void whatIsNotSetBackEndsWithTheRunAround() {
        try (LogLines log = LogLines.capture()) {
            ScopedContext.where(USER, "bob").run(() -> {
                captured("alice").setThreadLocals();
                captured("carol").setThreadLocals();
                look();
            });
            assertThat(log.messages()).isEmpty();
        }
        look();
        ContextSnapshot.Scope scope = captured("alice").setThreadLocals();
        scope.close();
        look();
        assertThat(seen).containsExactly("carol", null, null);
    }

    @Test
    void anAttachmentLeftOpenInBetweenIsNamed() {
        ContextSnapshot.Scope scope = captured("alice").setThreadLocals();
        Attachment left = ScopedContext.where(USER, "left").attach();
        assertThatThrownBy(scope::close).isInstanceOf(IllegalStateException.class).hasMessageContaining(
                "Attachment of ContextSnapshot[user] cannot be closed before Attachment[user]");
        look();
        left.close();
        scope.close();
        look();
        assertThat(seen).containsExactly("left", null);
    }

    @Test
    void valuesOfTheTaskAreOpenedOnceAndClosedWhenItEnds() {
        List<String> log = new ArrayList<>();
        ContextKey<String> own = ContextKey.<String>builder("own").handOff(HandOff.perTask(captured -> {
            log.add("open");
            return captured + "'s";
        }, opened -> log.add("close " + opened))).build();
        ContextSnapshot alice = captured("alice");
        ContextSnapshot outer = ScopedContext.where(own, "outer").call(() -> factory.captureAll());
        outer.wrap(() -> {
            outer.wrap((Runnable) () -> log.add(own.get())).run();
            alice.wrap((Runnable) () -> log.add(USER.get())).run();
            log.add(own.get());
        }).run();
        assertThat(log).containsExactly("open", "outer's", "alice", "outer's", "close outer's");
    }

    @Test
    void aHandOffThatRefusesIsThrownAndLeavesWhatWasThere() {
        IllegalStateException failure = new IllegalStateException("refused");
        ContextKey<String> refusing = ContextKey.<String>builder("refusing").handOff(HandOff.perTask(captured -> {
            throw failure;
        }, opened -> {
        })).build();
        ContextSnapshot refused = ScopedContext.where(refusing, "x").call(() -> factory.captureAll());
        assertThatThrownBy(refused.wrap(this::look)::run).isSameAs(failure);
        try (ContextSnapshot.Scope scope = captured("alice").setThreadLocals()) {
            assertThatThrownBy(refused.wrap(this::look)::run).isSameAs(failure);
            look();
        }
        look();
        assertThat(seen).containsExactly("alice", null);
    }

    @Test
    void aSnapshotOfOursMayBePutUnderTheKey() {
        registry.loadContextAccessors();
        var alice = ScopedContext.where(USER, "alice").call(ScopedContext::capture);
        try (var scope = factory.setThreadLocalsFrom(Context.of(ScopedContextAccessor.KEY, alice))) {
            look();
        }
        assertThat(seen).containsExactly("alice");
        assertThatThrownBy(() -> factory.setThreadLocalsFrom(Context.of(ScopedContextAccessor.KEY, "alice")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The value of \"dev.scopedcontext\" is neither a ContextSnapshot nor what this accessor"
                        + " captured, but of class java.lang.String. Put it under a key of its own");
    }

    @Test
    void capturesOfOneContextAreEqual() {
        ScopedContext.where(USER, "alice").run(() -> {
            assertThat(factory.captureAll()).isEqualTo(factory.captureAll())
                    .hasSameHashCodeAs(factory.captureAll());
            assertThat(factory.captureAll()).isNotEqualTo(captured("alice"));
        });
    }

    private void look() {
        seen.add(USER.orElse(null));
    }
}
