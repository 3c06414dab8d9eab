package dev.scopedcontext.servlet;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.servlet.ServletServer.Kind;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests end some seconds after they were completed or timed out, even if the container forgets them. */
@Tag("containers") // since it takes these seconds
@ExtendWith(CleanThread.class)
class UnreportedEndTest {

    /** Tomcat forgets about a tenth of these requests. */
    @ParameterizedTest
    @EnumSource
    void everyAbortedRequestEnds(Kind kind) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        Semaphore ended = new Semaphore(0);
        NamedContext context = NamedContext.named("request").onSessionExit(failure -> ended.release());
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            begun.incrementAndGet();
            first.countDown();
            AsyncContext async = request.startAsync();
            async.start(() -> {
                async.complete();
                throw new IllegalStateException("not here");
            });
        }, RequestFilter.entering(request -> context.session()))) {
            try (RawClient client = new RawClient(server.port())) {
                client.send("/a");
                assertThat(first.await(20, SECONDS)).as("a request has begun").isTrue();
            }
            for (int i = 0; i < 500; i++) {
                abort(server.port()); // a busy server may begin none of these
            }
            for (int seen = -1; seen != begun.get();) { // some have been read, and not begun
                seen = begun.get();
                assertThat(ended.tryAcquire(seen, 20, SECONDS)).as("all of %s have ended", begun).isTrue();
                ended.release(seen);
            }
            server.watched.assertClean();
        }
    }

    private static void abort(int port) {
        try (RawClient client = new RawClient(port)) {
            for (int i = 0; i < 4; i++) {
                client.send("/a");
            }
            client.hangUp();
        } catch (IOException failure) {
            // The server has hung up first, after a failure.
        }
    }

    /** As Jetty 11 does. */
    @Test
    void aRequestEndsAfterATimeOutThatNothingFollows() throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        NamedContext context = NamedContext.named("request").onSessionExit(ended::complete);
        SilentContainer container = new SilentContainer();
        container.request(RequestFilter.entering(request -> context.session()));
        container.report(AsyncListener::onTimeout);
        assertThat(ended.get(20, SECONDS)).isInstanceOf(TimeoutException.class);
    }
}
