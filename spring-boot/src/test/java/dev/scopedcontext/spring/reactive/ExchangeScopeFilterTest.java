package dev.scopedcontext.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.DeadlineExceededException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The filter by itself. */
@Timeout(60)
class ExchangeScopeFilterTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final NamedContext REQUEST = NamedContext.named("request");
    private static final Local SCRATCH = Local.named("scratch");
    private static final List<Throwable> ENDS = new ArrayList<>();

    static {
        REQUEST.onSessionExit(ENDS::add);
    }

    private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));

    @BeforeEach
    void clear() {
        ENDS.clear();
    }

    @Test
    void anExchangeDoesNotSeeTheBindingsOfTheThread() {
        ExchangeScopeFilter filter = before(exchange -> {
            assertThat(USER.isBound()).isFalse();
            return REQUEST.session();
        });

        ScopedContext.where(USER, "of the thread").run(() -> {
            filter.filter(exchange, run(() -> assertThat(USER.isBound()).isFalse())).block();
            assertThat(USER.get()).isEqualTo("of the thread");
        });

        assertThat(ENDS).containsOnlyNulls().hasSize(1);
    }

    @Test
    void anExceptionOfAnOpenerEndsTheScopesAround() {
        ExchangeScopeFilter filter = before(exchange -> REQUEST.session(), exchange -> {
            throw new IllegalArgumentException("of the opener");
        });

        assertThatThrownBy(() -> filter.filter(exchange, run(() -> ENDS.add(null))).block())
                .isInstanceOf(IllegalArgumentException.class).hasMessage("of the opener");
        assertThat(ENDS).hasSize(1).first().extracting(Throwable::getMessage).isEqualTo("of the opener");
    }

    @Test
    void anOpenerMustReturnAScope() {
        ExchangeScopeOpener opener = new ExchangeScopeOpener() {
            @Override
            public ScopeOpener open(ServerWebExchange exchange) {
                return null;
            }

            @Override
            public String toString() {
                return "Mine";
            }
        };

        assertThatThrownBy(() -> before(opener).filter(exchange, run(() -> ENDS.add(null))).block())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("Mine returned null: return ScopedContext.without() to open no scope");
        assertThatThrownBy(() -> before(exchange -> () -> null).filter(exchange, run(() -> ENDS.add(null))).block())
                .isInstanceOf(NullPointerException.class).hasMessageEndingWith(".open() returned null");
        assertThat(ENDS).isEmpty();
    }

    @Test
    void aMarkOfTheSubscribingCodeReachesHooks() {
        IllegalStateException mark = new IllegalStateException("marked");

        before(exchange -> REQUEST.session()).filter(exchange, run(() -> ScopedContext.markFailed(mark))).block();

        assertThat(ENDS).containsExactly(mark);
    }

    @Test
    void hooksDoNotSeeAContextThatTheCompletingCodeHasEntered() {
        List<String> seen = new ArrayList<>();
        NamedContext session = NamedContext.named("session");
        session.onSessionExit(failure -> seen.add(USER.orElse("none") + " " + failure));
        ContextSnapshot ofBob = ScopedContext.where(USER, "bob").call(ScopedContext::capture);
        ExchangeScopeFilter filter = before(exchange -> session.session());
        IllegalStateException failure = new IllegalStateException("failed");

        filter.filter(exchange, chained -> Mono.create(sink -> ofBob.run(sink::success))).block();
        assertThatThrownBy(() -> filter.filter(exchange,
                chained -> Mono.create(sink -> ofBob.run(() -> sink.error(failure)))).block()).isSameAs(failure);
        Disposable.Swap cancelled = Disposables.swap();
        filter.filter(exchange, chained -> Mono.create(sink -> ofBob.run(cancelled::dispose)))
                .subscribe(new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {
                        cancelled.update(this);
                        request(1);
                    }
                });

        assertThat(seen).hasSize(3).startsWith("none null", "none " + failure)
                .last().asString().startsWith("none java.util.concurrent.CancellationException");
    }

    @Test
    void aMarkBesideAFailureIsSuppressedIntoIt() {
        IllegalStateException mark = new IllegalStateException("marked");
        IllegalStateException failure = new IllegalStateException("failed");

        assertThatThrownBy(() -> before(exchange -> REQUEST.session()).filter(exchange, chained -> Mono.defer(() -> {
            ScopedContext.markFailed(mark);
            return Mono.error(failure);
        })).block()).isSameAs(failure);

        assertThat(ENDS).containsExactly(failure);
        assertThat(failure.getSuppressed()).contains(mark);
    }

    @Test
    void laterOperatorsGetACopyOfTheLocals() {
        Supplier<Object> read = () -> SCRATCH.find("name").orElse("none");
        ExchangeScopeFilter filter = before(exchange -> LocalManager.of(SCRATCH));

        filter.filter(exchange, outer -> Mono.defer(() -> {
            SCRATCH.set("name", "alice");
            assertThat(read.get()).isEqualTo("alice");
            return Mono.delay(Duration.ofMillis(1)).then().transform(ReactorContexts.restoring())
                    .doOnSuccess(nothing -> assertThat(read.get()).isEqualTo("none"));
        })).block();

        assertThat(read.get()).isEqualTo("none");
    }

    @Test
    void theInnerScopeEndsAlsoIfTheDeadlineAroundItHasPassed() {
        Deadline deadline = Deadline.after(Duration.ofMillis(200));
        ExchangeScopeFilter outer = before(exchange -> ScopedContext.where(Deadline.KEY, deadline));
        ExchangeScopeFilter inner = ExchangeScopeFilter.afterSecurity(
                new ExchangeScopes<>(List.of((exchange, user) -> REQUEST.session())), failures());
        WebFilterChain innerChain = exchange -> Mono.delay(deadline.remaining().plusMillis(20)).then();

        assertThatThrownBy(() -> outer.filter(exchange, exchange -> inner.filter(exchange, innerChain)).block())
                .isInstanceOf(DeadlineExceededException.class).hasMessageStartingWith("The deadline passed ");
        assertThat(ENDS).hasSize(1).first().isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void aScopeOfAnotherImplementationIsClosedOnce() {
        AtomicInteger closed = new AtomicInteger();
        ScopeOpener own = () -> new OpenScope() {
            @Override
            public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
                return op.call();
            }

            @Override
            public void close(Throwable failure) {
                closed.incrementAndGet();
            }
        };

        before(exchange -> own).filter(exchange, run(() -> assertThat(closed).hasValue(0))).block();

        assertThat(closed).hasValue(1);
    }

    @Test
    void anExchangeEndsAlsoIfItsScopeCannotBeClosed() {
        IllegalStateException ofChain = new IllegalStateException("of the chain");
        ScopeOpener own = () -> new OpenScope() {
            @Override
            public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
                return op.call();
            }

            @Override
            public void close(Throwable failure) {
                throw new IllegalArgumentException("of the scope");
            }
        };

        assertThatThrownBy(() -> before(exchange -> own).filter(exchange, chained -> Mono.error(ofChain)).block())
                .isSameAs(ofChain).satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage).contains("of the scope"));
        assertThatThrownBy(() -> before(exchange -> own).filter(exchange, chained -> Mono.empty()).block())
                .isInstanceOf(IllegalArgumentException.class).hasMessage("of the scope");
    }

    @Test
    void openExchangesEndOnceWhenTheApplicationStops() {
        Sinks.One<Void> sink = Sinks.one();
        ExchangeScopeFilter filter = before(exchange -> REQUEST.session());
        filter.start();
        assertThat(filter.isRunning()).isTrue();
        filter.filter(exchange, run(() -> {
        })).block();
        filter.filter(exchange, chained -> sink.asMono()).subscribe();
        assertThat(ENDS).hasSize(1);

        filter.stop();
        filter.stop();

        assertThat(filter.isRunning()).isFalse();
        assertThat(ENDS).hasSize(2).last().isInstanceOf(CancellationException.class)
                .extracting(Throwable::getMessage)
                .isEqualTo("The application was stopped before the exchange was complete");
        assertThat(sink.currentSubscriberCount()).isZero();
    }

    @Test
    void eachScopeEndsOnceIfCancellationAndCompletionRace() throws Exception {
        AtomicInteger ends = new AtomicInteger();
        NamedContext counted = NamedContext.named("counted");
        counted.onSessionExit(failure -> ends.incrementAndGet());
        ExchangeScopeFilter filter = before(exchange -> counted.session());
        CyclicBarrier barrier = new CyclicBarrier(2);
        int rounds = 2_000;
        List<Sinks.One<Void>> sinks = new ArrayList<>();
        List<Disposable> exchanges = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Sinks.One<Void> sink = Sinks.one();
            sinks.add(sink);
            MockServerWebExchange next = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
            exchanges.add(filter.filter(next, chained -> sink.asMono()).subscribe());
        }
        Thread completing = new Thread(() -> sinks.forEach(sink -> {
            await(barrier);
            assertThat(sink.tryEmitEmpty().isSuccess()).isTrue();
        }));
        completing.start();
        exchanges.forEach(each -> {
            await(barrier);
            each.dispose();
        });
        completing.join();

        assertThat(ends).hasValue(rounds);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static ExchangeScopeFilter before(ExchangeScopeOpener... openers) {
        return ExchangeScopeFilter.beforeSecurity(0, new ExchangeScopes<>(List.of(openers)), failures());
    }

    private static ExchangeFailures failures() {
        return new ExchangeFailures(true, List.of());
    }

    private static WebFilterChain run(Runnable work) {
        return exchange -> Mono.fromRunnable(work);
    }
}
