package dev.scopedcontext.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.PlainFork;
import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.DeadlineExceededException;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextScheduledExecutorService;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
    void anAttachmentLeftOpenInBetweenIsDropped() {
        try (LogLines log = LogLines.capture()) {
            ContextSnapshot.Scope scope = captured("alice").setThreadLocals();
            Attachment left = ScopedContext.where(USER, "left").attach();
            scope.close();
            look();
            left.close();
            look();
            assertThat(log.messages()).singleElement().asString().startsWith(
                    "Attachment of ContextSnapshot[user] was closed while Attachment[user], attached after it");
        }
        assertThat(seen).containsExactly(null, null);
    }

    @Test
    void anotherAccessorThatFailsHalfWayLeavesNoUserBehind() {
        registry.registerThreadLocalAccessor(new FailingAccessor("zzz"));
        Attachment around = ScopedContext.where(USER, "around").attach();
        try (LogLines log = LogLines.capture()) {
            assertThatThrownBy(() -> captured("alice").setThreadLocals()).hasMessage("zzz");
            around.close();
        }
        look();
        ContextRegistry late = new ContextRegistry().registerThreadLocalAccessor(new FailingAccessor("aaa"))
                .registerThreadLocalAccessor(new ScopedContextAccessor());
        ContextSnapshot lateAlice = ScopedContext.where(USER, "alice")
                .call(() -> ContextSnapshotFactory.builder().contextRegistry(late).build().captureAll());
        assertThatThrownBy(lateAlice::setThreadLocals).hasMessage("aaa");
        look();
        assertThat(seen).containsExactly(null, null);
    }

    /** An accessor that has a value, and cannot set it. */
    private record FailingAccessor(String key) implements ThreadLocalAccessor<String> {

        @Override
        public String getValue() {
            return "value";
        }

        @Override
        public void setValue(String value) {
            throw new IllegalArgumentException(key);
        }

        @Override
        public void setValue() {
        }
    }

    @Test
    void contextsNestDeeply() {
        ContextKey<Object> own = ContextKey.builder("own").handOff(HandOff.perTask(captured -> new Object(), opened -> {
        })).build();
        nest(own, 200);
    }

    private void nest(ContextKey<Object> own, int level) {
        if (level == 0) {
            return;
        }
        ScopedContext.where(own, "captured").call(() -> factory.captureAll()).wrap(() -> {
            Object mine = own.get();
            nest(own, level - 1);
            assertThat(own.get()).isSameAs(mine);
        }).run();
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
    void aTaskWhoseContextRefusesFailsWhenItFirstReads() throws Exception {
        IllegalStateException failure = new IllegalStateException("refused");
        ContextKey<String> refusing = ContextKey.<String>builder("refusing").handOff(HandOff.perTask(captured -> {
            throw failure;
        }, opened -> {
        })).build();
        ThreadLocal<@Nullable String> foreign = new ThreadLocal<>();
        registry.registerThreadLocalAccessor("foreign", foreign);
        foreign.set("alice");
        ContextSnapshot refused = ScopedContext.where(refusing, "x").call(() -> factory.captureAll());
        ExecutorService executor = Executors.newSingleThreadExecutor();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(executor.submit(refused.wrap(this::look))::get).hasCause(failure);
            executor.submit(refused.wrap(() -> seen.add("no read"))).get();
            executor.submit(() -> seen.add(foreign.get() + " " + USER.orElse("nobody"))).get();
        }
        executor.shutdown();
        try (ContextSnapshot.Scope scope = captured("bob").setThreadLocals()) {
            assertThatThrownBy(refused.wrap(this::look)::run).isSameAs(failure);
            look();
        }
        look();
        foreign.remove();
        assertThat(seen).containsExactly("no read", "null nobody", "no read", "null nobody", "bob", null);
    }

    @Test
    void aTaskUnderAPassedDeadlineFailsWhenItFirstReads() {
        ContextSnapshot late = Deadline.within(Duration.ofNanos(1)).call(() -> factory.captureAll());
        assertThatThrownBy(late.wrap(this::look)::run).isInstanceOf(DeadlineExceededException.class);
        look();
        assertThat(seen).containsExactly((String) null);
    }

    @Test
    void aFailureToSetBackIsLoggedWhenEverythingIsSetBack() {
        IllegalStateException failure = new IllegalStateException("hook");
        ThreadLocal<@Nullable String> foreign = new ThreadLocal<>();
        registry.registerThreadLocalAccessor("foreign", foreign);
        foreign.set("alice");
        Runnable task = captured("alice").wrap(() -> ScopedContext.onExit(ending -> {
            throw failure;
        }));
        foreign.remove();
        try (LogLines log = LogLines.capture()) {
            task.run();
            assertThat(log.messages()).containsExactly("Setting back a context that Micrometer had set has failed");
            assertThat(log.causes()).containsExactly(failure);
        }
        assertThat(foreign.get()).isNull();
        look();
        ScopedContextAccessor accessor = new ScopedContextAccessor();
        try (LogLines log = LogLines.capture()) {
            accessor.setValue(ScopedContext.where(USER, "alice").call(ScopedContext::capture));
            accessor.setValue(ScopedContext.where(USER, "bob").call(ScopedContext::capture));
            ScopedContext.onExit(ending -> {
                throw failure;
            });
            accessor.restore();
            assertThat(log.causes()).containsExactly(failure);
        }
        look();
        assertThat(seen).containsExactly(null, null);
    }

    @Test
    void aContextThatCannotBeCapturedDoesNotMatterWhereItIsOnlySetBack() {
        ContextKey<String> list = ContextKey.<String>builder("list").handOff(HandOff.copy(value -> {
            throw new IllegalStateException("copier");
        })).build();
        ContextSnapshot alice = captured("alice");
        ScopedContext.where(list, "value").run(() -> {
            alice.wrap(this::look).run();
            assertThat(list.get()).isEqualTo("value");
            ContextSnapshot refused = factory.captureAll();
            assertThatThrownBy(refused.wrap(this::look)::run).hasMessage("copier");
            assertThat(list.get()).isEqualTo("value");
        });
        assertThat(seen).containsExactly("alice");
    }

    @Test
    void aForkOfTheJdksOwnTakesTheContextAlong() {
        ScopedContext.where(USER, "alice").run(() -> seen.add(PlainFork.forked(() -> {
            AtomicReference<@Nullable String> user = new AtomicReference<>();
            factory.captureAll().wrap(() -> user.set(USER.orElse(null))).run();
            return user.get();
        })));
        assertThat(seen).containsExactly(PlainFork.INHERITS ? "alice" : null);
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
                .hasMessage("The value of \"dev.scopedcontext\" is neither a ContextSnapshot nor captured by this"
                        + " accessor, but of class java.lang.String. Put it under a key of its own");
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
