package dev.scopedcontext.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.OpenScope;
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
            OpenScope hold = ExchangeFilter.hold();
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
            OpenScope hold = ExchangeFilter.hold();
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
            OpenScope hold = ExchangeFilter.hold();
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
            OpenScope first = ExchangeFilter.hold();
            visits.handOver(() -> {
                OpenScope second = ExchangeFilter.hold();
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
            OpenScope hold = ExchangeFilter.hold();
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

    @Test
    void closedHolderRunsNothingAndHoldsNoMore() throws Exception {
        List<OpenScope> held = new CopyOnWriteArrayList<>();
        NamedContext request = NamedContext.named("request").onSessionExit(failure -> events.add("ends"));
        ExchangeFilter.entering(exchange -> request.session()).wrap(exchange -> held.add(ExchangeFilter.hold()))
                .handle(null);
        OpenScope first = held.get(0);
        OpenScope second = first.hold();
        first.close();
        assertThatThrownBy(() -> first.run(() -> events.add("run"))).isInstanceOf(IllegalStateException.class)
                .hasMessage(first + " is closed: no code can run in it any more");
        assertThatThrownBy(first::hold).isInstanceOf(IllegalStateException.class)
                .hasMessage(first + " is closed: no code can run in it any more");
        assertThat(events).isEmpty();
        second.close();
        assertThat(events).containsExactly("ends");
    }

    /** It implements no holders itself. */
    @Test
    void scopeOfAnotherImplementationIsHeld() throws Exception {
        List<OpenScope> held = new CopyOnWriteArrayList<>();
        OpenScope foreign = new OpenScope() {
            @Override
            public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
                return op.call();
            }

            @Override
            public void close(Throwable failure) {
                events.add("closed with " + failure);
            }
        };
        ExchangeFilter.entering(exchange -> () -> foreign).wrap(exchange -> held.add(ExchangeFilter.hold()))
                .handle(null);
        assertThat(events).isEmpty();
        held.get(0).close();
        assertThat(events).containsExactly("closed with null");
    }
}
