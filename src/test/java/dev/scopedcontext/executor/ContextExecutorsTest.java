package dev.scopedcontext.executor;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Pool;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the methods of {@link ContextExecutors} take and give. */
@ExtendWith(CleanThread.class)
class ContextExecutorsTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final ContextSnapshot alice = ScopedContext.where(USER, "alice").call(ScopedContext::capture);
    private final ContextSnapshot bob = ScopedContext.where(USER, "bob").call(ScopedContext::capture);
    private final ScheduledExecutorService pool = Executors.newSingleThreadScheduledExecutor();
    private final Executor direct = Runnable::run;

    @AfterEach
    void close() {
        Pool.close(pool);
    }

    @Test // H4
    void executorThatPropagatesIsReturnedAsItIs() {
        Executor executor = ContextExecutors.propagating(direct);
        assertThat(ContextExecutors.propagating(executor)).isSameAs(executor);
        ExecutorService service = ContextExecutors.propagating((ExecutorService) pool);
        assertThat(ContextExecutors.propagating(service)).isSameAs(service);
        assertThat(ContextExecutors.propagating((Executor) service)).isSameAs(service);
        ScheduledExecutorService scheduled = ContextExecutors.propagating(pool);
        assertThat(ContextExecutors.propagating(scheduled)).isSameAs(scheduled);
        assertThat(ContextExecutors.propagating((ExecutorService) scheduled)).isSameAs(scheduled);
        assertThat(ContextExecutors.propagating((Executor) scheduled)).isSameAs(scheduled);
    }

    @Test // H4
    void lastCallDecidesAndNothingIsNested() throws Exception {
        Callable<String> user = () -> USER.orElse("nobody");
        ScheduledExecutorService propagating = ContextExecutors.propagating(pool);
        ScheduledExecutorService alices = ContextExecutors.fixed(propagating, alice);
        assertThat(alices).hasToString(pool + " in ContextSnapshot[user]");
        assertThat(alices.submit(user).get()).isEqualTo("alice");
        assertThat(ContextExecutors.fixed(alices, alice)).isSameAs(alices);
        assertThat(ContextExecutors.fixed(alices, bob).submit(user).get()).isEqualTo("bob");
        assertThat(ContextExecutors.fixed((ExecutorService) alices, bob).submit(user).get()).isEqualTo("bob");
        assertThat(ContextExecutors.propagating((ExecutorService) alices).submit(user).get()).isEqualTo("nobody");
        assertThat(ContextExecutors.propagating(alices)).hasToString(propagating.toString());

        List<String> seen = new ArrayList<>();
        Executor fixed = ContextExecutors.fixed(ContextExecutors.propagating(direct), alice);
        fixed.execute(() -> seen.add(USER.get()));
        ContextExecutors.fixed(fixed, bob).execute(() -> seen.add(USER.get()));
        assertThat(seen).containsExactly("alice", "bob");
    }

    @Test
    void everyMethodOfTheInterfacesIsPassedOn() throws Exception {
        for (Method method : ScheduledExecutorService.class.getMethods()) { // of the running JDK
            Class<?> passes = ContextScheduledExecutorService.class
                    .getMethod(method.getName(), method.getParameterTypes()).getDeclaringClass();
            assertThat(ContextExecutor.class).as(method.toString()).isAssignableFrom(passes);
        }
    }

    @Test
    void executorMayBeFixedToNothing() throws Exception {
        ExecutorService executor = ContextExecutors.fixed(pool, ContextSnapshot.empty());
        assertThat(ScopedContext.where(USER, "alice").call(() -> executor.submit(USER::isBound)).get()).isFalse();
    }

    @Test
    void callerThatRunsItsOwnTaskHasItsContextBack() {
        List<String> seen = new ArrayList<>();
        ScopedContext.where(USER, "bob").run(() -> {
            ContextExecutors.fixed(direct, alice).execute(() -> seen.add(USER.get()));
            seen.add(USER.get());
        });
        assertThat(seen).containsExactly("alice", "bob");
    }

    @Test // J4
    void nullIsRefusedByName() {
        assertNull("executor", () -> ContextExecutors.propagating((Executor) null));
        assertNull("executor", () -> ContextExecutors.propagating((ExecutorService) null));
        assertNull("executor", () -> ContextExecutors.propagating((ScheduledExecutorService) null));
        assertNull("factory", () -> ContextExecutors.propagatingFactory((ThreadFactory) null));
        assertNull("stage", () -> ContextExecutors.propagatingStage((CompletionStage<String>) null));
        assertNull("executor", () -> ContextExecutors.fixed((Executor) null, alice));
        assertNull("executor", () -> ContextExecutors.fixed((ExecutorService) null, alice));
        assertNull("executor", () -> ContextExecutors.fixed((ScheduledExecutorService) null, alice));
        assertNull("snapshot", () -> ContextExecutors.fixed(direct, null));
        assertNull("snapshot", () -> ContextExecutors.fixed((ExecutorService) pool, null));
        assertNull("snapshot", () -> ContextExecutors.fixed(pool, null));
        assertNull("supplier", () -> ContextExecutors.supplyAsync(null, direct));
        assertNull("executor", () -> ContextExecutors.supplyAsync(() -> "x", null));
        assertNull("action", () -> ContextExecutors.runAsync(null, direct));
        assertNull("executor", () -> ContextExecutors.runAsync(() -> {
        }, null));
        assertNull("task", () -> ContextExecutors.unwrap(null));
    }

    @Test // J4
    void executorsRefuseNullByName() {
        ScheduledExecutorService executor = ContextExecutors.propagating(pool);
        Runnable task = () -> {
        };
        Callable<String> callable = () -> "x";
        assertNull("command", () -> executor.execute(null));
        assertNull("task", () -> executor.submit((Runnable) null));
        assertNull("task", () -> executor.submit(null, "x"));
        assertNull("task", () -> executor.submit((Callable<String>) null));
        assertNull("tasks", () -> executor.invokeAll(null));
        assertNull("tasks", () -> executor.invokeAll(null, 1, SECONDS));
        assertNull("unit", () -> executor.invokeAll(List.of(callable), 1, null));
        assertNull("task", () -> executor.invokeAll(Collections.singleton((Callable<String>) null)));
        assertNull("tasks", () -> executor.invokeAny(null));
        assertNull("tasks", () -> executor.invokeAny(null, 1, SECONDS));
        assertNull("unit", () -> executor.invokeAny(List.of(callable), 1, null));
        assertNull("command", () -> executor.schedule((Runnable) null, 1, SECONDS));
        assertNull("unit", () -> executor.schedule(task, 1, null));
        assertNull("callable", () -> executor.schedule((Callable<String>) null, 1, SECONDS));
        assertNull("unit", () -> executor.schedule(callable, 1, null));
        assertNull("command", () -> executor.scheduleAtFixedRate(null, 1, 1, SECONDS));
        assertNull("unit", () -> executor.scheduleAtFixedRate(task, 1, 1, null));
        assertNull("command", () -> executor.scheduleWithFixedDelay(null, 1, 1, SECONDS));
        assertNull("unit", () -> executor.scheduleWithFixedDelay(task, 1, 1, null));
        assertNull("unit", () -> executor.awaitTermination(1, null));
    }

    @Test // H8
    void closeIsTheOriginals() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        class Closeable extends ThreadPoolExecutor implements AutoCloseable {

            Closeable() {
                super(1, 1, 0, SECONDS, new LinkedBlockingQueue<>());
            }

            @Override
            public void close() {
                closed.incrementAndGet();
                shutdown();
            }
        }
        ExecutorService executor = ContextExecutors.propagating((ExecutorService) new Closeable());
        ((ContextExecutorService<?>) executor).close();
        assertThat(closed).hasValue(1);
        assertThat(executor.isShutdown()).isTrue();
    }

    private static void assertNull(String parameter, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(parameter);
    }
}
