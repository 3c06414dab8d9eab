package dev.scopedcontext.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Failures;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A single thread that runs tasks. It has a context of its own, which must be restored after each task. Closing the
 * worker checks this once more.
 */
public final class Worker extends ScheduledThreadPoolExecutor implements AutoCloseable {

    public static final ContextKey<String> OWN = ContextKey.named("worker's own");

    private final ContextSnapshot own;

    /** Starts a worker whose thread has a context of its own. */
    public Worker(ThreadFactory kind) {
        this(kind, ScopedContext.where(OWN, "worker"));
    }

    public Worker(ThreadFactory kind, Bindings own) {
        super(1, body -> kind.newThread(() -> own.run(body)));
        this.own = ContextSnapshot.empty().call(() -> own.call(ScopedContext::capture));
    }

    /** Waits until the thread is idle, and checks that its own context is restored. */
    public void settle() {
        ContextSnapshot there = get(submit(ScopedContext::capture));
        assertThat(there.keys()).isEqualTo(own.keys());
        assertThat(own.keys()).allMatch(key -> there.get(key) == own.get(key));
    }

    /** Returns the result of a future. Throws the exception of its task. */
    public static <T extends @Nullable Object> T get(Future<T> future) {
        try {
            return future.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException | CompletionException failure) {
            Failures.throwIfAny(failure.getCause());
            throw new AssertionError(failure);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** A method of every executor on JDK 19 and newer. */
    @SuppressWarnings("MissingOverride")
    public void close() {
        try {
            settle();
        } finally {
            shutdownNow();
        }
    }
}
