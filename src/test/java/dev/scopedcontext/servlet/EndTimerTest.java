package dev.scopedcontext.servlet;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.support.Garbage;
import dev.scopedcontext.support.LogLines;
import jakarta.servlet.AsyncListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A request that is over ends though its container does not report this. */
@ExtendWith(CleanThread.class)
class EndTimerTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofDays(1);

    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private final List<String> hooks = new CopyOnWriteArrayList<>();
    private final NamedContext context = NamedContext.named("request").onSessionExit(failure -> {
        hooks.add(Thread.currentThread().getName() + " " + KEY.isBound() + " "
                + Thread.currentThread().getContextClassLoader().getClass().getSimpleName());
        ended.complete(failure);
    });
    private final RequestFilter filter = RequestFilter.entering(request -> context.session());
    private final SilentContainer container = new SilentContainer();

    /** Has a class loader like that of an application. */
    private static final class ApplicationLoader extends ClassLoader {

        ApplicationLoader() {
            super(EndTimerTest.class.getClassLoader());
        }
    }

    @Test
    void theScopeEndsWithAFailureInTheContextOfNobody() throws Exception {
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new ApplicationLoader());
        try {
            RequestScopes scopes = container.request(filter);
            ScopedContext.where(KEY, "of another request").run(() -> new EndTimer(scopes, SHORT).start());
        } finally {
            Thread.currentThread().setContextClassLoader(own);
        }
        assertThat(ended.get(10, SECONDS)).isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The container did not report the end of this asynchronous request within 20 ms after it was"
                                + " completed or timed out: its client has probably disconnected");
        assertThat(hooks).containsExactly("scoped-context-request-ends false ApplicationLoader");
    }

    @Test
    void theScopeEndsOnce() throws Exception {
        RequestScopes scopes = container.request(filter);
        new EndTimer(scopes, SHORT).start();
        new EndTimer(scopes, SHORT).start();
        ended.get(10, SECONDS);
        container.report(AsyncListener::onComplete);
        assertThat(hooks).hasSize(1);
    }

    @Test
    void aPieceThatIsRunningIsWaitedFor() throws Exception {
        RequestScopes scopes = container.request(filter);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch returns = new CountDownLatch(1);
        Thread piece = new Thread(() -> scopes.tell(() -> {
            running.countDown();
            try {
                returns.await();
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
        }));
        piece.start();
        running.await();
        new EndTimer(scopes, SHORT).start();
        assertThatThrownBy(() -> ended.get(200, MILLISECONDS)).isInstanceOf(TimeoutException.class);
        returns.countDown();
        assertThat(ended.get(10, SECONDS)).isInstanceOf(IllegalStateException.class);
        piece.join();
        assertThat(hooks).hasSize(1);
    }

    /** The timer of the JDK would hold it for a day. */
    @Test
    void nothingHoldsARequestThatHasEnded() throws Exception {
        Garbage garbage = new Garbage();
        endAfterTheStart(garbage);
        startAfterTheEnd(garbage);
        garbage.assertCollected();
    }

    private void endAfterTheStart(Garbage garbage) throws Exception {
        RequestScopes scopes = garbage.add("ended after the start of the timer", container.request(filter));
        EndTimer timer = new EndTimer(scopes, LONG);
        timer.start();
        scopes.end();
        timer.stop();
        container.report(AsyncListener::onComplete);
    }

    private void startAfterTheEnd(Garbage garbage) throws Exception {
        RequestScopes scopes = garbage.add("ended before the start of the timer", container.request(filter));
        scopes.end();
        new EndTimer(scopes, LONG).start();
        container.report(AsyncListener::onComplete);
    }

    @Test
    void theFailureOfAHookIsLogged() throws Exception {
        CompletableFuture<Throwable> logged = new CompletableFuture<>();
        RuntimeException problem = new UnsupportedOperationException("not here");
        NamedContext failing = NamedContext.named("failing").onSessionExit(failure -> {
            throw problem;
        });
        try (LogLines lines = LogLines.capture()) {
            RequestFilter outer = RequestFilter.entering(request -> context.session());
            RequestScopes scopes = container.request(outer.thenEntering(request -> failing.session()));
            new EndTimer(scopes, SHORT).start();
            ended.get(10, SECONDS);
            for (int i = 0; i < 1_000 && lines.messages().isEmpty(); i++) {
                assertThatThrownBy(() -> logged.get(20, MILLISECONDS)).isInstanceOf(TimeoutException.class);
            }
            assertThat(lines.messages()).containsExactly(
                    "The scope of a request whose end the container did not report has ended with a failure");
            assertThat(lines.causes().get(0)).hasMessageContaining("did not report").hasSuppressedException(problem);
        }
    }
}
