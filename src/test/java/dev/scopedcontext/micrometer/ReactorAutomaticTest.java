package dev.scopedcontext.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import io.micrometer.context.ContextRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Our context in the operators of Reactor, with its automatic context propagation. */
@ExtendWith(CleanThread.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReactorAutomaticTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final ScheduledExecutorService one = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService two = Executors.newSingleThreadScheduledExecutor();
    private final Scheduler first = Schedulers.fromExecutorService(one);
    private final Scheduler second = Schedulers.fromExecutorService(two);
    private final List<@Nullable String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void propagate() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new ScopedContextAccessor());
        Hooks.enableAutomaticContextPropagation();
    }

    @AfterEach
    void nothingIsLeftOnTheThreads() throws Exception {
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor(ScopedContextAccessor.KEY);
        first.dispose();
        second.dispose();
        for (ScheduledExecutorService thread : List.of(one, two)) {
            if (!thread.isShutdown()) {
                assertThat(thread.submit(() -> ScopedContext.capture().keys()).get()).isEmpty();
                assertThat(thread.submit(MicrometerAttachment::current).get()).isNull();
            }
            thread.shutdown();
        }
    }

    @Test
    void valuesAreReadOnTheThreadOfTheSubscriber() {
        ScopedContext.where(USER, "alice").run(() -> {
            Flux.just(1, 2).map(this::reading).flatMap(i -> Mono.fromCallable(() -> reading(i))).blockLast();
            assertThat(USER.get()).isEqualTo("alice");
        });
        assertThat(seen).hasSize(4).containsOnly("alice");
    }

    @Test
    void valuesAreReadOnTheThreadsOfSchedulers() {
        ScopedContext.where(USER, "alice").run(() -> Flux.just(1, 2).map(this::reading)
                .publishOn(first).map(this::reading)
                .flatMap(i -> Mono.fromCallable(() -> reading(i)).subscribeOn(second))
                .map(this::reading)
                .subscribeOn(second).doOnComplete(() -> reading(0)).blockLast());
        assertThat(seen).hasSize(9).containsOnly("alice");
    }

    @Test
    void eachSubscriberHasItsOwn() {
        Mono<String> user = Mono.fromCallable(USER::get).publishOn(first).map(name -> name + USER.get())
                .delayElement(Duration.ofNanos(1), second).map(name -> name + USER.get());
        List<String> users = IntStream.range(0, 200).mapToObj(i -> "user " + i).toList();
        List<Mono<String>> monos = users.stream()
                .map(name -> ScopedContext.where(USER, name).call(() -> user.contextCapture())).toList();
        List<String> results = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(users.size());
        for (int i = 0; i < users.size(); i++) {
            Mono<String> mono = monos.get(i);
            ScopedContext.where(USER, users.get(i)).run(() -> mono.doFinally(end -> done.countDown())
                    .subscribe(results::add));
        }
        await(done);
        assertThat(results)
                .containsExactlyInAnyOrderElementsOf(users.stream().map(name -> name + name + name).toList());
    }

    @Test
    void aSnapshotInTheContextOfReactorIsReadBelowIt() {
        var alice = ScopedContext.where(USER, "alice").call(ScopedContext::capture);
        ScopedContext.where(USER, "bob").run(() -> {
            Mono.fromCallable(() -> reading(1)).publishOn(first).map(this::reading)
                    .contextWrite(context -> context.put(ScopedContextAccessor.KEY, alice)).block();
            reading(2);
        });
        assertThat(seen).containsExactly("alice", "alice", "bob");
    }

    @Test
    void whatIsBoundInsideAnOperatorEndsThere() {
        ScopedContext.where(USER, "alice").run(() -> Mono.just(1).publishOn(first)
                .map(i -> ScopedContext.where(USER, "inner").call(() -> reading(i))).map(this::reading).block());
        assertThat(seen).containsExactly("inner", "alice");
    }

    @Test
    void elementsOfManyContextsGoThroughOneQueue() {
        Sinks.Many<Integer> sink = Sinks.many().unicast().onBackpressureBuffer();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(100);
        sink.asFlux().publishOn(first).doOnNext(i -> {
            await(held);
            reading(i);
            all.countDown();
        }).subscribe();
        for (int i = 0; i < 100; i++) {
            int element = i;
            ScopedContext.where(USER, "user " + i).run(() -> sink.tryEmitNext(element).orThrow());
        }
        held.countDown();
        await(all);
        assertThat(seen).hasSize(100);
        assertThat(USER.isBound()).isFalse();
    }

    private int reading(int i) {
        seen.add(USER.orElse(null));
        return i;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interruption) {
            throw new AssertionError(interruption);
        }
    }
}
