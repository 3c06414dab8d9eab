package dev.scopedcontext.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.named.NamedContext;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exchanges that go on when their handler has returned. */
@ExtendWith(CleanThread.class)
class ExchangeHoldTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Visits visits = new Visits();
    private final ExchangeFilter visit = ExchangeFilter
            .entering(exchange -> visits.visit(ExchangeFilterTest.name(exchange)));

    @AfterEach
    void close() {
        visits.close();
    }

    private void serve(HttpHandler handler, String ending) throws Exception {
        try (JdkServer server = new JdkServer(Thread::new, handler, visit);
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").body()).isEqualTo("done");
            assertThat(visits.endOf("a")).isEqualTo(ending);
            visits.assertAllWell(List.of("a"));
            server.watched().assertClean();
        }
    }

    @Test
    void theScopeEndsWithTheHold() throws Exception {
        serve(exchange -> {
            visits.step("a");
            ExchangeHold hold = ExchangeFilter.hold();
            visits.elsewhere(() -> {
                hold.run(() -> assertThat(visits.step("a")).isEqualTo(2));
                visits.expect("the visit goes on", !visits.hasEnded("a"));
                hold.close();
                hold.close();
                visits.endOf("a"); // when the handler has returned, too
                JdkServer.answer(exchange, "done".getBytes(UTF_8));
                return null;
            });
        }, "well");
    }

    @Test
    void theScopeEndsWithTheHandlerIfThatIsLast() throws Exception {
        serve(exchange -> {
            CountDownLatch closed = new CountDownLatch(1);
            ExchangeHold hold = ExchangeFilter.hold();
            visits.elsewhere(() -> {
                hold.close();
                closed.countDown();
                return null;
            });
            awaitUninterrupted(closed);
            visits.expect("the visit goes on", !visits.hasEnded("a"));
            visits.step("a");
            JdkServer.answer(exchange, "done".getBytes(UTF_8));
        }, "well");
    }

    private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException interruption) {
            throw new IOException(interruption);
        }
    }

    @Test
    void hooksSeeWhatFailsInAHold() throws Exception {
        serve(exchange -> {
            ExchangeHold hold = ExchangeFilter.hold();
            visits.elsewhere(() -> {
                try (hold) {
                    assertThatThrownBy(() -> hold.run(() -> {
                        throw new UnsupportedOperationException();
                    })).isInstanceOf(UnsupportedOperationException.class);
                }
                JdkServer.answer(exchange, "done".getBytes(UTF_8));
                return null;
            });
        }, "UnsupportedOperationException");
    }

    @Test
    void aTaskThatTheContextWasHandedToMayHoldTheScopeOfAnExchangeThatIsHeld() throws Exception {
        serve(exchange -> {
            ExchangeHold first = ExchangeFilter.hold();
            visits.handOver(() -> {
                ExchangeHold second = ExchangeFilter.hold();
                first.close();
                visits.elsewhere(() -> {
                    visits.expect("the visit goes on", !visits.hasEnded("a"));
                    second.close();
                    visits.endOf("a"); // when the handler has returned, too
                    JdkServer.answer(exchange, "done".getBytes(UTF_8));
                    return null;
                });
            });
        }, "well");
    }

    @Test
    void theScopesOfAllFiltersAreHeldAndEndInReverseOrder() throws Exception {
        NamedContext outer = NamedContext.named("outer");
        NamedContext inner = NamedContext.named("inner");
        CountDownLatch ended = new CountDownLatch(1);
        outer.onSessionExit(failure -> {
            events.add("outer " + outer.isActive() + inner.isActive());
            ended.countDown();
        });
        inner.onSessionExit(failure -> events.add("inner " + outer.isActive() + inner.isActive()));
        try (JdkServer server = new JdkServer(Thread::new, exchange -> {
            ExchangeHold hold = ExchangeFilter.hold();
            visits.elsewhere(() -> {
                events.add("held");
                hold.close();
                JdkServer.answer(exchange, "done".getBytes(UTF_8));
                return null;
            });
        }, ExchangeFilter.entering(exchange -> outer.session()), ExchangeFilter.entering(exchange -> inner.session()));
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/").body()).isEqualTo("done");
        }
        ended.await(); // with the handler, on the server's thread
        assertThat(events).containsExactly("held", "inner truetrue", "outer truefalse");
    }

    @Test
    void nothingIsHeldOutsideOfAnExchange() {
        assertThatThrownBy(ExchangeFilter::hold).isInstanceOf(IllegalStateException.class)
                .hasMessage("hold() was called on " + Thread.currentThread() + " outside of any scope of an exchange:"
                        + " call it in a handler behind an ExchangeFilter, or in a task that the handler has handed"
                        + " its context to");
    }

    @Test
    void nothingIsHeldWhenTheScopeHasEnded() throws Exception {
        serve(exchange -> {
            visits.handOver(() -> {
                try {
                    visits.endOf("a");
                    assertThatThrownBy(ExchangeFilter::hold).isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("when the scope of the exchange had ended: call it before");
                    events.add("refused");
                    JdkServer.answer(exchange, "done".getBytes(UTF_8));
                } catch (Exception failure) {
                    throw new AssertionError(failure);
                }
            });
        }, "well");
        assertThat(events).containsExactly("refused");
    }

    @Test
    void aHoldThatIsRefusedByTheScopeAroundHoldsNothing() throws Exception {
        NamedContext inner = NamedContext.named("inner").onSessionExit(failure -> events.add("inner ends"));
        ExchangeFilter filter = ExchangeFilter.entering(exchange -> inner.session());
        serve(exchange -> visits.handOver(() -> {
            try {
                visits.endOf("a");
                filter.wrap(same -> assertThatThrownBy(ExchangeFilter::hold).isInstanceOf(IllegalStateException.class))
                        .handle(exchange);
                visits.expect("the inner scope has ended", events.equals(List.of("inner ends")));
                JdkServer.answer(exchange, "done".getBytes(UTF_8));
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        }), "well");
        assertThat(events).containsExactly("inner ends");
    }
}
