package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalStack;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.support.OnThread;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.ExecutorsKt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The message of the exception for a key that is not bound. */
@ExtendWith(CleanThread.class)
class UnboundMessageTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");

    private static final String BIND = " Bind a value with ScopedContext.where(key, value).run(...)";
    private static final String HAND_OVER = ", or, if it is bound on another thread, hand that context over with"
            + " ScopedContext.capture() or ContextExecutors";
    private static final String COMMON_POOL = " This thread belongs to the common pool, which runs parallel streams and"
            + " plain CompletableFutures without context: wrap the functions of the stream with"
            + " ScopedContext.capture(), and create futures with ContextExecutors";

    private static String unbound(String where) {
        return "No value is bound to ContextKey[user] on " + Thread.currentThread() + ", where " + where;
    }

    private static void assertUnbound(String where) {
        assertThatThrownBy(USER::get).isInstanceOf(UnboundContextException.class).hasMessage(unbound(where));
    }

    @Test
    void keysThatAreBoundAreNamed() {
        ScopedContext.where(TENANT, "secret").where(REQUEST_ID, "secret")
                .run(() -> assertUnbound("[request id, tenant] are bound." + BIND + HAND_OVER));
        try (Attachment tenant = ScopedContext.where(TENANT, "secret").attach()) {
            assertUnbound("[tenant] is bound." + BIND + HAND_OVER);
        }
    }

    @Test
    void keysThatAreUnboundAreNotNamed() {
        ScopedContext.where(USER, "alice").where(TENANT, "acme").where(REQUEST_ID, "1")
                .run(() -> ScopedContext.without(USER, TENANT)
                        .run(() -> assertUnbound("[request id] is bound." + BIND + HAND_OVER)));
    }

    @Test
    void threadWithoutContextIsTold() throws Exception {
        ScopedContext.where(USER, "alice").<Void, Exception>call(() -> {
            OnThread.run(() -> assertUnbound(
                    "nothing is bound: no context was handed to this thread." + BIND + HAND_OVER));
            return null;
        });
    }

    @Test
    void emptyContextIsTold() {
        String message = "nothing is bound: this code runs in an empty context." + BIND
                + ", or capture the context, or submit the task, where a value is bound";
        Runnable task = ScopedContext.capture().wrap(() -> assertUnbound(message));
        ScopedContext.where(USER, "alice").run(task);
        ContextExecutors.propagating(Runnable::run).execute(() -> assertUnbound(message));
    }

    @Test
    void otherKeyOfTheSameNameIsTold() {
        ContextKey<String> other = ContextKey.named("user");
        ScopedContext.where(TENANT, "acme").where(other, "alice").run(() -> assertUnbound("[tenant, user] are bound."
                + " Another key of this name is bound. If it is meant to be the same key, declare it once, in a static"
                + " final field of a class that is loaded once"));
    }

    @Test
    void noMoreThanTwentyNamesAreShown() {
        Bindings many = ScopedContext.where(TENANT, "acme");
        for (int i = 0; i < 100; i++) {
            many = many.where(ContextKey.named("key " + i), "value");
        }
        many.run(() -> assertThatThrownBy(USER::get).hasMessageContaining("key 26, 81 more] are bound. Bind a value"));
    }

    @Test
    void aThreadThatHasNoIdCanReadAnUnboundKey() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> thrown.set(catchThrowable(USER::get))) {
            @Override
            public long getId() {
                throw new UnsupportedOperationException("no id");
            }

            @Override
            public String toString() {
                return "a thread";
            }
        };
        thread.start();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(UnboundContextException.class).hasMessageContaining("on a thread, where");
    }

    @Test
    void keyThatIsNotHandedOverIsTold() throws Exception {
        ContextKey<String> own = ContextKey.<String>builder("user").handOff(HandOff.drop()).build();
        String drops = BIND + " on this thread: the key has HandOff.drop(), so its values are not handed over";
        ScopedContext.where(own, "alice").where(TENANT, "acme").run(() -> ScopedContext.capture()
                .run(() -> assertThatThrownBy(own::get).hasMessage(unbound("[tenant] is bound." + drops))));
        OnThread.run(() -> assertThatThrownBy(own::get)
                .hasMessage(unbound("nothing is bound: no context was handed to this thread." + drops)));
    }

    @Test
    void threadOfTheCommonPoolIsTold() throws Exception {
        on(ForkJoinPool.commonPool(), () -> {
            assertUnbound("nothing is bound: no context was handed to this thread." + COMMON_POOL);
            ScopedContext.where(TENANT, "acme").run(() -> assertUnbound("[tenant] is bound." + BIND + HAND_OVER));
            return null;
        });
    }

    @Test
    void threadOfAnotherForkJoinPoolIsNotTakenForTheCommonOne() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        on(pool, () -> {
            assertUnbound("nothing is bound: no context was handed to this thread." + BIND + HAND_OVER);
            return null;
        });
        pool.shutdown();
    }

    @Test
    void threadOfReactorIsTold() throws Exception {
        Scheduler scheduler = Schedulers.newParallel("test", 1);
        on(scheduler::schedule, () -> {
            assertUnbound(
                    "nothing is bound: no context was handed to this thread. This thread belongs to Reactor, which"
                            + " runs operators without context: add ReactorContexts.restoring() above the operator, and"
                            + " ReactorContexts.writing(...) below it");
            return null;
        });
        scheduler.dispose();
    }

    @Test
    void threadOfCoroutinesIsTold() throws Exception {
        on(ExecutorsKt.asExecutor(Dispatchers.getDefault()), () -> {
            assertUnbound("nothing is bound: no context was handed to this thread. This thread runs Kotlin coroutines,"
                    + " which are resumed without context: capture it outside of the coroutine, and read the value"
                    + " inside of ContextSnapshot.call(...)");
            return null;
        });
    }

    @Test
    void sessionsAndLocalsTellTheThreadToo() throws Exception {
        ContextKey<String> user = NamedContext.named("request").key("user", String.class);
        Local local = Local.named("local");
        LocalStack<String> stack = LocalStack.named("stack");
        on(ForkJoinPool.commonPool(), () -> {
            assertThat(catchThrowable(user::get)).hasMessageStartingWith("No session of context 'request' is active")
                    .hasMessageEndingWith("or ContextExecutors." + COMMON_POOL);
            assertThat(catchThrowable(() -> local.get("user"))).hasMessageEndingWith("or ContextExecutors."
                    + COMMON_POOL);
            assertThat(catchThrowable(stack::top)).hasMessageEndingWith("or ContextExecutors." + COMMON_POOL);
            return null;
        });
    }

    @Test
    void messageOfTheKeyItselfIsUsedUnchanged() throws Exception {
        ContextKey<String> own = ContextKey.<String>builder("user").unboundMessage(() -> "log in first").build();
        on(ForkJoinPool.commonPool(), () -> {
            assertThatThrownBy(own::get).isInstanceOf(UnboundContextException.class).hasMessage("log in first");
            return null;
        });
    }

    /** Runs a body on a thread of an executor, and fails as the body does. */
    private static void on(Executor executor, Callable<Void> body) throws Exception {
        FutureTask<Void> task = new FutureTask<>(body);
        executor.execute(task);
        task.get();
    }
}
