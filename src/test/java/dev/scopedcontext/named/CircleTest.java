package dev.scopedcontext.named;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.support.PlainFork;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScopes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Openers that need each other, in a context that was captured outside of them. */
@OnEachEngine
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CircleTest {

    private static final String CIRCLE = "Resources need each other to be opened: ";

    private final NamedContext app = NamedContext.named("app");

    /** The session, before anything is opened in it. */
    private final AtomicReference<ContextSnapshot> session = new AtomicReference<>();

    /** How an opener leaves its context, and uses a resource in that of the session. */
    enum Way {

        SNAPSHOT, ATTACHED, TWO_SNAPSHOTS, SAME_THREAD, SUBTASKS, EXECUTOR, PLAIN_FORK;

        String get(ContextSnapshot session, ResourceKey<String> key) throws Exception {
            return switch (this) {
                case SNAPSHOT -> session.call(key::get);
                case ATTACHED -> {
                    try (Attachment attached = session.attach()) {
                        yield attached + key.get();
                    }
                }
                case TWO_SNAPSHOTS -> ContextSnapshot.empty().call(() -> session.call(key::get));
                case SAME_THREAD -> {
                    AtomicReference<String> value = new AtomicReference<>();
                    ContextExecutors.fixed((Executor) Runnable::run, session).execute(() -> value.set(key.get()));
                    yield value.get();
                }
                case SUBTASKS -> session.call(() -> TaskScopes.par(key::get, () -> "other", String::concat));
                case EXECUTOR -> session.call(
                        () -> ContextExecutors.supplyAsync(key, task -> new Thread(task).start()).get(30, SECONDS));
                case PLAIN_FORK -> PlainFork.INHERITS
                        ? session.call(() -> PlainFork.forked(key::get))
                        : session.call(key::get);
            };
        }
    }

    private ResourceKey<String> resource(String name, ResourceOpener<String> opener) {
        return app.resource(name, String.class, opener, closed -> {
        });
    }

    private FutureTask<String> started(ResourceKey<String> key) {
        FutureTask<String> task = new FutureTask<>(session.get().wrap(key::get));
        new Thread(task).start();
        return task;
    }

    @ParameterizedTest
    @EnumSource
    void twoThreadsInSnapshotsGetTheErrorAndNoDeadlock(Way way) throws Exception {
        CyclicBarrier bothAreOpening = new CyclicBarrier(2);
        AtomicReference<ResourceKey<String>> other = new AtomicReference<>();
        ResourceKey<String> a = resource("a", () -> {
            bothAreOpening.await();
            return way.get(session.get(), other.get());
        });
        ResourceKey<String> b = resource("b", () -> {
            bothAreOpening.await();
            return way.get(session.get(), a);
        });
        other.set(b);
        app.session().call(() -> {
            session.set(ScopedContext.capture());
            assertThat(List.of(started(a), started(b))).allSatisfy(each -> assertThat(
                    catchThrowable(() -> each.get(30, SECONDS))).hasStackTraceContaining(CIRCLE)
                    .satisfies(failure -> assertThat(stackTraceOf(failure)).containsPattern(
                            "app.a → app.b → app.a\\. Open|app.b → app.a → app.b\\. Open")));
            assertThat(List.of(a.isOpen(), b.isOpen())).containsOnly(false);
            return null;
        });
    }

    private static String stackTraceOf(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource
    void openerThatUsesItselfInASnapshotIsACircle(Way way) {
        AtomicReference<ResourceKey<String>> self = new AtomicReference<>();
        self.set(resource("self", () -> way.get(session.get(), self.get())));
        app.session().run(() -> {
            session.set(ScopedContext.capture());
            assertThatThrownBy(self.get()::get).hasStackTraceContaining(CIRCLE + "app.self → app.self. Open");
        });
    }

    /** Each task would have an instance of its own, and so on without end. A plain fork is no task. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN_FORK")
    void openerPerTaskThatUsesItselfInASnapshotIsACircle(Way way) {
        AtomicInteger tries = new AtomicInteger();
        AtomicReference<ResourceKey<String>> self = new AtomicReference<>();
        self.set(resource("self", () -> {
            assertThat(tries.incrementAndGet()).isLessThan(10);
            return way.get(session.get(), self.get());
        }).perTask());
        app.session().run(() -> {
            session.set(ScopedContext.capture());
            assertThatThrownBy(self.get()::get).hasStackTraceContaining(CIRCLE + "app.self → app.self. Open");
        });
        assertThat(tries).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void openerThatUsesAnotherOneInASnapshotIsNone(Way way) throws Exception {
        ResourceKey<String> other = resource("other", () -> "opened");
        ResourceKey<String> key = resource("key", () -> way.get(session.get(), other));
        app.session().call(() -> {
            session.set(ScopedContext.capture());
            assertThat(key.get()).contains("opened");
            return null;
        });
    }

    /** What an opener has handed over is a part of it, and of those around it, also when it has returned itself. */
    @Test
    void circleThroughWorkThatAnInnerOpenerLeftBehindIsShown() {
        AtomicReference<ResourceKey<String>> outer = new AtomicReference<>();
        AtomicReference<CompletableFuture<String>> leftBehind = new AtomicReference<>();
        CountDownLatch returned = new CountDownLatch(1);
        ResourceKey<String> inner = resource("inner", () -> {
            leftBehind.set(ContextExecutors.supplyAsync(() -> {
                await(returned);
                return outer.get().get();
            }, task -> new Thread(task).start()));
            return "inner";
        });
        outer.set(resource("outer", () -> {
            String opened = inner.get();
            returned.countDown();
            return opened + leftBehind.get().get(30, SECONDS);
        }));
        app.session().run(() -> assertThatThrownBy(outer.get()::get)
                .hasStackTraceContaining(CIRCLE + "app.outer → app.inner → app.outer. Open"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interruption) {
            throw new AssertionError(interruption);
        }
    }

    /** A worker that waits in an opener may run another task, whose instance has nothing to do with the first. */
    @Test
    void taskThatAWaitingWorkerRunsMayOpenItsOwn() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        AtomicInteger number = new AtomicInteger();
        AtomicReference<Callable<String>> helped = new AtomicReference<>();
        ResourceKey<String> own = resource("own", () -> {
            int mine = number.incrementAndGet();
            return mine == 1 ? pool.submit(helped.get()).join() + " inside of 1" : "own " + mine;
        }).perTask();
        app.session().call(() -> {
            helped.set(ScopedContext.capture().wrap((Callable<String>) own::get));
            assertThat(ContextExecutors.propagating(pool).submit(own::get).get(30, SECONDS))
                    .isEqualTo("own 2 inside of 1");
            return null;
        });
        pool.shutdown();
    }

    @Test
    void snapshotInAnOpenerBindsNothingThatCanBeSeen() {
        AtomicReference<Object> seen = new AtomicReference<>();
        ResourceKey<String> key = resource("key", () -> {
            ContextSnapshot.empty().run(() -> seen.set(ScopedContext.capture()));
            return "key";
        });
        app.session().run(() -> assertThat(key.get()).isEqualTo("key"));
        assertThat(seen.get()).hasToString("ContextSnapshot[]");
    }

    /** It throws at each read, also of the library's own keys. */
    @Test
    void openerMayEnterASnapshotThatRefusesToBeRead() {
        IllegalStateException refusal = new IllegalStateException("refused");
        ResourceKey<String> key = resource("key", () -> ContextSnapshot.refusing(refusal)
                .call(() -> session.get().call(() -> "key")));
        app.session().run(() -> {
            session.set(ScopedContext.capture());
            assertThat(key.get()).isEqualTo("key");
        });
        ContextSnapshot.refusing(refusal).run(() -> ContextSnapshot.empty().run(
                () -> assertThat(ScopedContext.capture().keys()).isEmpty()));
    }
}
