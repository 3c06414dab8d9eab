package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each sentence about futures in {@link ContextExecutors}. */
@ExtendWith(CleanThread.class)
class FuturesTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final Bindings ALICE = ScopedContext.where(USER, "alice");
    private static final Bindings BOB = ScopedContext.where(USER, "bob");

    private final CompletableFuture<String> source = new CompletableFuture<>();
    private final CompletableFuture<String> future = ContextExecutors.propagatingStage(source);
    private final Executor threads = task -> new Thread(task).start();
    private final IllegalStateException failure = new IllegalStateException("failure");

    @Test // H1
    void supplierRunsInTheContextOfTheCall() {
        assertThat(ALICE.call(() -> ContextExecutors.supplyAsync(USER::get, threads)).join()).isEqualTo("alice");
    }

    @Test // H1
    void actionRunsInTheContextOfTheCall() {
        List<String> seen = new ArrayList<>();
        assertThat(ALICE.call(() -> ContextExecutors.runAsync(() -> seen.add(USER.get()), threads)).join()).isNull();
        assertThat(seen).containsExactly("alice");
    }

    @Test
    void eachStageHasTheContextOfWhereItWasAdded() {
        CompletableFuture<String> alices = ALICE.call(() -> future.thenApply(FuturesTest::user));
        CompletableFuture<String> bobs = BOB.call(() -> alices.thenApply(x -> x + ", " + USER.get()));
        CompletableFuture<String> nobodys = bobs.thenApplyAsync(x -> x + ", " + USER.orElse("nobody"));
        ScopedContext.where(USER, "carol").run(() -> source.complete("done"));
        assertThat(nobodys.join()).isEqualTo("alice, bob, nobody");
    }

    @Test
    void stageOfAFunctionThatComposesGoesOnInItsOwnContext() {
        CompletableFuture<String> composed = ALICE.call(() -> future
                .thenCompose(x -> CompletableFuture.supplyAsync(() -> "plain", threads)).thenApply(FuturesTest::user));
        source.complete("done");
        assertThat(composed.join()).isEqualTo("alice");
    }

    @Test
    void stagesOfACopyHaveContext() {
        CompletableFuture<String> stage = ALICE.call(() -> future.copy().thenApply(FuturesTest::user));
        source.complete("done");
        assertThat(stage.join()).isEqualTo("alice");
    }

    @Test
    void stageOfAPlainFutureHasNoneEvenWithOneOfTheseAsTheOther() {
        CompletableFuture<String> stage = ALICE.call(() -> source.thenCombine(future, (x, y) -> user(x)));
        source.complete("done");
        assertThat(stage.join()).isEqualTo("nobody");
    }

    @Test
    void stagesOfAllOfAndAnyOfHaveContextOnceTheyAreGivenToPropagating() {
        CompletableFuture<Void> all = CompletableFuture.allOf(future);
        CompletableFuture<Object> any = CompletableFuture.anyOf(future);
        CompletableFuture<String> plain = ALICE.call(() -> all.thenApply(FuturesTest::user));
        CompletableFuture<String> afterAll = ALICE
                .call(() -> ContextExecutors.propagatingStage(all).thenApply(FuturesTest::user));
        CompletableFuture<String> afterAny = ALICE
                .call(() -> ContextExecutors.propagatingStage(any).thenApply(FuturesTest::user));
        source.complete("done");
        assertThat(plain.join()).isEqualTo("nobody");
        assertThat(afterAll.join()).isEqualTo("alice");
        assertThat(afterAny.join()).isEqualTo("alice");
    }

    @Test
    void stagesOfAMinimalStageHaveContextOnceItIsGivenToPropagating() {
        CompletionStage<String> minimal = future.minimalCompletionStage();
        CompletionStage<String> plain = ALICE.call(() -> minimal.thenApply(FuturesTest::user));
        CompletableFuture<String> stage = ALICE
                .call(() -> ContextExecutors.propagatingStage(minimal).thenApply(FuturesTest::user));
        source.complete("done");
        assertThat(plain.toCompletableFuture().join()).isEqualTo("nobody");
        assertThat(stage.join()).isEqualTo("alice");
    }

    @Test
    void timeOutsHandNothingOver() {
        AtomicInteger handedOver = new AtomicInteger();
        ContextKey<String> counted = ContextKey.<String>builder("counted").handOff(HandOff.copy(value -> {
            handedOver.incrementAndGet();
            return value;
        })).build();
        CompletableFuture<String> late = ContextExecutors.propagatingStage(new CompletableFuture<>());
        CompletableFuture<String> replaced = ContextExecutors.propagatingStage(new CompletableFuture<>());
        ScopedContext.where(counted, "x").run(() -> {
            assertThat(late.orTimeout(1, TimeUnit.MILLISECONDS)).isSameAs(late);
            assertThat(replaced.completeOnTimeout("instead", 1, TimeUnit.MILLISECONDS)).isSameAs(replaced);
        });
        assertThatThrownBy(late::join).isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(replaced.join()).isEqualTo("instead");
        assertThat(handedOver).hasValue(0);
    }

    @Test
    void timeOutsLetAFutureBeThatIsInTime() {
        ALICE.run(() -> {
            CompletableFuture<String> first = future.orTimeout(1, TimeUnit.DAYS);
            CompletableFuture<String> second = first.completeOnTimeout("never", 1, TimeUnit.DAYS);
            source.complete("done");
            assertThat(second.join()).isEqualTo("done");
            assertThat(second.orTimeout(0, TimeUnit.DAYS).join()).isEqualTo("done");
        });
        assertThatThrownBy(() -> future.orTimeout(1, null)).isInstanceOf(NullPointerException.class)
                .hasMessage("unit");
        assertThatThrownBy(() -> future.completeOnTimeout("x", 1, null)).isInstanceOf(NullPointerException.class)
                .hasMessage("unit");
    }

    @Test
    void stagesAfterATimeOutRunInTheirOwnContext() {
        CompletableFuture<String> late = ContextExecutors.propagatingStage(new CompletableFuture<>());
        CompletableFuture<String> stage = ALICE
                .call(() -> late.completeOnTimeout("x", 1, TimeUnit.MILLISECONDS).thenApply(FuturesTest::user));
        assertThat(stage.join()).isEqualTo("alice");
    }

    @Test
    void futureCompletesAsTheStageDoes() {
        source.complete("done");
        assertThat(future.join()).isEqualTo("done");
        CompletableFuture<String> failed = ContextExecutors.propagatingStage(CompletableFuture.failedFuture(failure));
        assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasCause(failure);
        assertThat(failed.handle((result, thrown) -> thrown).join()).isSameAs(failure);
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        cancelled.cancel(true);
        assertThat(ContextExecutors.propagatingStage(cancelled).isCancelled()).isTrue();
        CompletableFuture<String> nothing = ContextExecutors.propagatingStage(CompletableFuture.completedFuture(null));
        assertThat(nothing.join()).isNull();
    }

    @Test // H4
    void futureThatPropagatesIsReturnedAsItIs() {
        assertThat(ContextExecutors.propagatingStage(future)).isSameAs(future);
        assertThat(future.toCompletableFuture()).isSameAs(future);
    }

    @Test
    void failureOfAFunctionFailsItsStageAndLeavesTheThreadAsItWas() {
        CompletableFuture<String> stage = ALICE.call(() -> future.thenApply(x -> {
            throw failure;
        }));
        BOB.run(() -> {
            source.complete("done");
            assertThat(USER.get()).isEqualTo("bob");
        });
        assertThatThrownBy(stage::join).isInstanceOf(CompletionException.class).hasCause(failure);
    }

    @Test
    void failureOfAHandOffFailsTheFuture() {
        ContextKey<String> failing = ContextKey.<String>builder("failing").handOff(HandOff.perTask(captured -> {
            throw failure;
        }, closed -> {
        })).build();
        CompletableFuture<String> supplied = ScopedContext.where(failing, "x").call(
                () -> ContextExecutors.supplyAsync(() -> "never", ContextExecutors.propagating(threads)));
        assertThatThrownBy(supplied::join).isInstanceOf(CompletionException.class).hasCause(failure);
    }

    @Test
    void asyncStagesRunWhereTheJdkRunsThemUnlessTold() {
        assertThat(future.defaultExecutor()).isSameAs(source.defaultExecutor());
        CompletableFuture<String> own = ContextExecutors.propagatingStage(new CompletableFuture<String>() {
            @Override
            public Executor defaultExecutor() {
                return ContextExecutors.propagating(threads);
            }
        });
        assertThat(own.defaultExecutor()).isSameAs(threads);
        assertThat(own.copy().defaultExecutor()).isSameAs(threads);
    }

    @Test // H7
    void rejectionArrivesUnchanged() {
        RejectedExecutionException rejection = new RejectedExecutionException("full");
        Executor full = task -> {
            throw rejection;
        };
        assertThatThrownBy(() -> ContextExecutors.supplyAsync(() -> "x", full)).isSameAs(rejection);
        assertThatThrownBy(() -> ContextExecutors.runAsync(() -> {
        }, full)).isSameAs(rejection);
    }

    @Test
    void executorThatPropagatesIsGoodForThePlainFuturesOfTheJdk() {
        Executor executor = ContextExecutors.propagating(threads);
        CompletableFuture<String> plain = ALICE.call(() -> CompletableFuture.supplyAsync(USER::get, executor));
        assertThat(plain.join()).isEqualTo("alice");
    }

    private static String user(Object result) {
        return USER.orElse("nobody");
    }
}
