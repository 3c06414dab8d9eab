package dev.scopedcontext.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.DeadlineExceededException;
import java.io.IOException;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** X3c: the scope of an exchange ends with its last hold, also where the context of that cannot be entered. */
@ExtendWith(CleanThread.class)
class RefusedHoldTest {

    private static final ContextBaggage BAGGAGE = ContextBaggage.builder()
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout).build();

    private final List<Object> events = new CopyOnWriteArrayList<>();
    private final Visits visits = new Visits();
    private final ExchangeFilter visit = ExchangeFilter
            .entering(exchange -> visits.visit(ExchangeFilterTest.name(exchange)));

    /** Counts down when the handler of the one exchange, and the filters of ours, have returned. */
    private final CountDownLatch returned = new CountDownLatch(1);

    @AfterEach
    void close() {
        visits.close();
    }

    private void serve(List<String> names, HttpHandler handler, String ending, Filter... filters) throws Exception {
        try (JdkServer server = new JdkServer(Thread::new, handler, filters);
                RawClient client = new RawClient(server.port())) {
            for (String name : names) {
                client.send("/" + name, "Request-Timeout: 1n");
                assertThat(client.read().body()).isEqualTo("done");
                assertThat(visits.endOf(name)).isEqualTo(ending);
            }
            visits.assertAllWell(names);
            server.watched().assertClean();
        }
    }

    private static Void answer(HttpExchange exchange) throws IOException {
        JdkServer.answer(exchange, "done".getBytes(UTF_8));
        return null;
    }

    /** As a remote client can ask for. */
    @Test
    void everyScopeEndsWhereTheClientAllowsNoTime() throws Exception {
        List<String> names = IntStream.range(0, 200).mapToObj(i -> "r" + i).toList();
        serve(names, exchange -> {
            visits.step(ExchangeFilterTest.name(exchange));
            OpenScope hold = ExchangeFilter.hold();
            visits.elsewhere(() -> {
                try (hold) {
                    return hold.call(() -> events.add("run in spite of the deadline"));
                } catch (DeadlineExceededException late) {
                    return answer(exchange);
                }
            });
        }, "DeadlineExceededException", ExchangeFilter
                .entering(exchange -> BAGGAGE.extract(exchange.getRequestHeaders()::get))
                .thenEntering(exchange -> visits.visit(ExchangeFilterTest.name(exchange))));
        assertThat(events).isEmpty();
    }

    @Test
    void everyScopeEndsWhereAnOuterFilterBindsTheDeadline() throws Exception {
        serve(List.of("a"), exchange -> {
            visits.step("a");
            OpenScope hold = ExchangeFilter.hold();
            visits.elsewhere(() -> {
                returned.await();
                assertThatThrownBy(hold::close).isInstanceOf(DeadlineExceededException.class);
                return answer(exchange);
            });
        }, "DeadlineExceededException", new Returning(returned),
                ExchangeFilter.entering(exchange -> BAGGAGE.extract(exchange.getRequestHeaders()::get)), visit);
    }

    @Test
    void closeThrowsTheRefusalThatHooksAreTold() throws Exception {
        serve(List.of("a"), exchange -> {
            visits.step("a");
            OpenScope hold = Deadline.within(Duration.ZERO).call(ExchangeFilter::hold);
            visits.elsewhere(() -> {
                returned.await();
                assertThatThrownBy(hold::close).isInstanceOf(DeadlineExceededException.class);
                hold.close();
                return answer(exchange);
            });
        }, "DeadlineExceededException", new Returning(returned), visit);
    }

    @Test
    void refusalIsSuppressedIntoWhatFailedInTheHold() throws Exception {
        UnsupportedOperationException failure = new UnsupportedOperationException();
        serve(List.of("a"), exchange -> {
            visits.step("a");
            OpenScope early = ExchangeFilter.hold();
            OpenScope late = Deadline.within(Duration.ZERO).call(ExchangeFilter::hold);
            visits.elsewhere(() -> {
                returned.await();
                assertThatThrownBy(() -> early.run(() -> {
                    throw failure;
                })).isSameAs(failure);
                early.close();
                late.close();
                return answer(exchange);
            });
        }, "UnsupportedOperationException", new Returning(returned), visit);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(DeadlineExceededException.class);
    }

    /** Its context is for the end alone. */
    @Test
    void holdThatIsNotTheLastIsClosedWithoutEnteringItsContext() throws Exception {
        serve(List.of("a"), exchange -> {
            visits.step("a");
            OpenScope hold = Deadline.within(Duration.ZERO).call(ExchangeFilter::hold);
            hold.close();
            answer(exchange);
        }, "well", visit);
    }

    @Test
    void nothingIsHeldWhereTheContextCannotBeCaptured() throws Exception {
        ContextKey<List<String>> cart = ContextKey.<List<String>>builder("cart").handOff(HandOff.copy(list -> {
            throw new ConcurrentModificationException("cart");
        })).build();
        NamedContext outer = NamedContext.named("outer").onSessionExit(failure -> events.add("outer ends"));
        serve(List.of("a"), exchange -> {
            visits.step("a");
            ScopedContext.where(cart, List.of())
                    .run(() -> assertThatThrownBy(ExchangeFilter::hold).hasMessage("cart"));
            answer(exchange);
        }, "well", new Returning(returned), ExchangeFilter.entering(exchange -> outer.session()), visit);
        returned.await();
        assertThat(events).containsExactly("outer ends");
    }

    /** As Micrometer leaves behind on a thread if a hand-off refuses. */
    @Test
    void nothingIsOpenedOnAThreadWhoseContextRefusesToBeRead() {
        IllegalStateException refusal = new IllegalStateException("refused");
        NamedContext context = NamedContext.named("context").onSessionExit(failure -> events.add("ended"));
        HttpHandler handler = ExchangeFilter.entering(exchange -> {
            events.add("asked");
            return context.session();
        }).wrap(exchange -> events.add("handled"));
        ContextSnapshot.refusing(refusal)
                .run(() -> assertThatThrownBy(() -> handler.handle(null)).isSameAs(refusal));
        assertThat(events).isEmpty();
    }
}
