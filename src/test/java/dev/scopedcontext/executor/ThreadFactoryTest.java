package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.support.Pool;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Thread factories that propagate. */
@ExtendWith(CleanThread.class)
class ThreadFactoryTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    static List<ThreadFactory> kinds() {
        return OnThread.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds") // H1
    void threadRunsInTheContextOfNewThread(ThreadFactory kind) throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        ThreadFactory factory = ContextExecutors.propagatingFactory(kind);
        Thread thread = ScopedContext.where(USER, "alice").call(() -> factory.newThread(() -> seen.set(USER.get())));
        ScopedContext.where(USER, "bob").run(thread::start);
        thread.join();
        assertThat(seen).hasValue("alice");
    }

    @Test
    void poolKeepsTheContextThatItsThreadWasMadeIn() throws Exception {
        ExecutorService pool = Executors
                .newSingleThreadExecutor(ContextExecutors.propagatingFactory((ThreadFactory) Thread::new));
        assertThat(ScopedContext.where(USER, "alice").call(() -> pool.submit(USER::get)).get()).isEqualTo("alice");
        assertThat(ScopedContext.where(USER, "bob").call(() -> pool.submit(USER::get)).get()).isEqualTo("alice");
        Pool.close(pool);
    }

    @Test // H4
    void factoryThatPropagatesIsReturnedAsItIs() {
        ThreadFactory factory = ContextExecutors.propagatingFactory((ThreadFactory) Thread::new);
        assertThat(ContextExecutors.propagatingFactory(factory)).isSameAs(factory);
    }

    @Test
    void factoryTellsWhatItIs() {
        ThreadFactory original = new ThreadFactory() {
            @Override
            public Thread newThread(Runnable task) {
                return new Thread(task);
            }

            @Override
            public String toString() {
                return "original";
            }
        };
        assertThat(ContextExecutors.propagatingFactory(original)).hasToString("original in the context of newThread");
    }

    @Test
    void nullTaskIsRefused() {
        ThreadFactory factory = ContextExecutors.propagatingFactory((ThreadFactory) Thread::new);
        assertThatThrownBy(() -> factory.newThread(null)).isInstanceOf(NullPointerException.class).hasMessage("task");
    }

    @Test
    void refusalOfTheOriginalIsPassedOn() {
        assertThat(ContextExecutors.propagatingFactory((ThreadFactory) task -> null).newThread(() -> {
        })).isNull();
    }
}
