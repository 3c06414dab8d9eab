package dev.scopedcontext.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.micrometer.ScopedContextAccessor;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** A captured context in that of Reactor, and in place in its operators, without Micrometer and with it. */
@ExtendWith(CleanThread.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReactorContextsTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Scheduler scheduler = Schedulers.fromExecutorService(thread);
    private final ContextSnapshot alice = ScopedContext.where(USER, "alice").call(ScopedContext::capture);
    private final List<@Nullable String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void nothingIsLeftOnTheThread() throws Exception {
        assertThat(thread.submit(() -> ScopedContext.capture().keys()).get()).isEmpty();
        scheduler.dispose();
        thread.shutdown();
    }

    @Test
    void whatIsWrittenIsFoundAbove() {
        Mono.deferContextual(context -> Mono.just(ReactorContexts.find(context).orElseThrow().get(USER)))
                .doOnNext(seen::add).contextWrite(ReactorContexts.writing(alice)).block();
        assertThat(seen).containsExactly("alice");
        assertThat(ReactorContexts.find(Context.empty())).isEmpty();
        assertThat(ReactorContexts.find(Context.of("dev.scopedcontext", "other"))).isEmpty();
    }

    @Test
    void operatorsBelowSeeItUpToTheNextChangeOfThreads() {
        Flux.just(1, 2).map(this::reading)
                .publishOn(scheduler).transform(ReactorContexts.restoring()).map(this::reading)
                .flatMap(i -> Mono.fromCallable(() -> reading(i)))
                .publishOn(scheduler).map(this::reading)
                .contextWrite(ReactorContexts.writing(alice)).blockLast();
        assertThat(seen).containsOnly("alice", null);
        assertThat(seen.stream().filter("alice"::equals)).hasSize(4);
    }

    @Test
    void endAndErrorAreSeenInTheContextToo() {
        Mono.empty().publishOn(scheduler).transform(ReactorContexts.restoring()).doOnTerminate(() -> reading(0))
                .contextWrite(ReactorContexts.writing(alice)).block();
        IllegalStateException failure = new IllegalStateException("failure");
        Mono<Object> failing = Mono.error(failure).publishOn(scheduler).transform(ReactorContexts.restoring())
                .doOnError(error -> reading(0)).contextWrite(ReactorContexts.writing(alice));
        assertThatThrownBy(failing::block).isSameAs(failure);
        assertThat(seen).containsExactly("alice", "alice");
    }

    @Test
    void whereNothingIsWrittenTheOperatorDoesNothing() {
        ScopedContext.where(USER, "bob").run(() -> {
            Mono.just(1).transform(ReactorContexts.restoring()).map(this::reading).block();
            Mono.just(1).transform(ReactorContexts.restoring()).map(this::reading)
                    .contextWrite(ReactorContexts.writing(ContextSnapshot.empty())).block();
        });
        assertThat(seen).containsExactly("bob", null);
    }

    @Test
    void aContextThatRefusesIsTheErrorOfTheStream() {
        IllegalStateException failure = new IllegalStateException("refused");
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger limit = new AtomicInteger();
        ContextKey<String> refusing = ContextKey.<String>builder("refusing").handOff(HandOff.perTask(captured -> {
            if (opened.getAndIncrement() >= limit.get()) {
                throw failure;
            }
            return captured;
        }, value -> {
        })).build();
        ContextSnapshot captured = ScopedContext.where(refusing, "x").call(ScopedContext::capture);
        for (int signals = 0; signals < 4; signals++) {
            opened.set(0);
            limit.set(signals);
            Flux<Integer> flux = Flux.just(1, 2).publishOn(scheduler).transform(ReactorContexts.restoring())
                    .contextWrite(ReactorContexts.writing(captured));
            assertThatThrownBy(() -> flux.collectList().block(Duration.ofSeconds(30))).isSameAs(failure);
        }
        limit.set(100);
        assertThat(Flux.just(1, 2).publishOn(scheduler).transform(ReactorContexts.restoring())
                .contextWrite(ReactorContexts.writing(captured)).collectList().block()).containsExactly(1, 2);
    }

    @Test
    void aContextThatRefusesAnErrorIsSuppressedIntoIt() {
        IllegalStateException refusal = new IllegalStateException("refused");
        AtomicInteger opened = new AtomicInteger();
        ContextKey<String> refusing = ContextKey.<String>builder("refusing").handOff(HandOff.perTask(captured -> {
            if (opened.getAndIncrement() > 0) {
                throw refusal;
            }
            return captured;
        }, value -> {
        })).build();
        ContextSnapshot captured = ScopedContext.where(refusing, "x").call(ScopedContext::capture);
        IllegalStateException failure = new IllegalStateException("failure");
        Mono<Object> failing = Mono.error(failure).publishOn(scheduler).transform(ReactorContexts.restoring())
                .contextWrite(ReactorContexts.writing(captured));
        assertThatThrownBy(failing::block).isSameAs(failure)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).contains(refusal));
    }

    @Test
    void aStreamThatFailsWithWhatTheContextRefusesWithEndsWithThat() {
        IllegalStateException failure = new IllegalStateException("one for all");
        AtomicInteger opened = new AtomicInteger();
        ContextKey<String> refusing = ContextKey.<String>builder("refusing").handOff(HandOff.perTask(captured -> {
            if (opened.getAndIncrement() > 0) {
                throw failure;
            }
            return captured;
        }, value -> {
        })).build();
        ContextSnapshot captured = ScopedContext.where(refusing, "x").call(ScopedContext::capture);
        Mono<Object> failing = Mono.error(failure).publishOn(scheduler).transform(ReactorContexts.restoring())
                .contextWrite(ReactorContexts.writing(captured));
        assertThatThrownBy(() -> failing.block(Duration.ofSeconds(30))).isSameAs(failure);
    }

    @Test
    void aFailureToPutBackIsTheErrorOfAStreamThatHasNotEnded() {
        IllegalStateException failure = new IllegalStateException("close");
        Thread subscribing = Thread.currentThread();
        AtomicInteger closed = new AtomicInteger();
        AtomicInteger limit = new AtomicInteger();
        ContextKey<String> closing = ContextKey.<String>builder("closing")
                .handOff(HandOff.perTask(value -> value, value -> {
                    if ((Thread.currentThread() == subscribing ? 0 : closed.incrementAndGet()) == limit.get()) {
                        throw failure;
                    }
                })).build();
        ContextSnapshot captured = ScopedContext.where(closing, "x").call(ScopedContext::capture);
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        Flux<Integer> flux = Flux.just(1, 2).publishOn(scheduler).transform(ReactorContexts.restoring())
                .contextWrite(ReactorContexts.writing(captured))
                .contextWrite(Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add));
        for (int signal = 1; signal <= 2; signal++) { // 0 is the one that subscribes
            closed.set(0);
            limit.set(signal);
            assertThatThrownBy(() -> flux.collectList().block(Duration.ofSeconds(30))).isSameAs(failure);
        }
        assertThat(dropped).isEmpty();
        for (int signal = 0; signal <= 3; signal += 3) {
            closed.set(0);
            limit.set(signal);
            assertThat(flux.collectList().block(Duration.ofSeconds(30))).containsExactly(1, 2);
            assertThat(thread.submit(closed::get)).as("after the last signal").succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo(3);
        }
        assertThat(dropped).containsExactly(failure, failure);
    }

    @Test
    void sameObjectThatASignalAndItsContextThrowIsThrownUnchanged() {
        IllegalStateException shared = new IllegalStateException("shared");
        ContextKey<String> closing = ContextKey.<String>builder("closing")
                .handOff(HandOff.perTask(value -> value, value -> {
                    throw shared;
                })).build();
        ContextSnapshot captured = ScopedContext.where(closing, "x").call(ScopedContext::capture);
        CoreSubscriber<Integer> failing = new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
            }

            @Override
            public void onNext(Integer element) {
                throw shared;
            }

            @Override
            public void onError(Throwable failure) {
            }

            @Override
            public void onComplete() {
            }
        };
        RestoringSubscriber<Integer> restoring = new RestoringSubscriber<>(failing, captured);
        assertThatThrownBy(() -> restoring.onNext(1)).isSameAs(shared);
        assertThat(shared).hasNoSuppressedExceptions();
    }

    @Test
    void automaticPropagationFindsWhatIsWrittenHereAndTheReverse() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new ScopedContextAccessor());
        Hooks.enableAutomaticContextPropagation();
        try {
            Flux.just(1).publishOn(scheduler).map(this::reading)
                    .contextWrite(ReactorContexts.writing(alice)).blockLast();
            Context captured = ScopedContext.where(USER, "bob")
                    .call(() -> ContextSnapshotFactory.builder().build().captureAll().updateContext(Context.empty()));
            seen.add(ReactorContexts.find(captured).orElseThrow().get(USER));
        } finally {
            Hooks.disableAutomaticContextPropagation();
            ContextRegistry.getInstance().removeThreadLocalAccessor(ScopedContextAccessor.KEY);
        }
        assertThat(seen).containsExactly("alice", "bob");
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullArgumentsAreNamed() {
        assertThatThrownBy(() -> ReactorContexts.writing(null)).isInstanceOf(NullPointerException.class)
                .hasMessage("snapshot");
        assertThatThrownBy(() -> ReactorContexts.find(null)).isInstanceOf(NullPointerException.class)
                .hasMessage("context");
    }

    private int reading(int i) {
        seen.add(USER.orElse(null));
        return i;
    }
}
