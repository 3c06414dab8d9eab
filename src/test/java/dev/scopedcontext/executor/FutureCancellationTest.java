package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The effect on the given stage of cancelling, and of completing, a future of {@code propagating}. */
@ExtendWith(CleanThread.class)
class FutureCancellationTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final Cancellable<String> source = new Cancellable<>();
    private final CompletableFuture<String> future = ContextExecutors.propagatingStage(source);

    /** A future that tells how it was cancelled. */
    private static class Cancellable<T> extends CompletableFuture<T> {

        final List<Boolean> cancellations = new ArrayList<>();

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            cancellations.add(mayInterruptIfRunning);
            return super.cancel(mayInterruptIfRunning);
        }
    }

    /** A future whose dependent stages cancel it, as those of {@code HttpClient} do. */
    private static final class Shared<T> extends Cancellable<T> {

        private final Cancellable<?> operation;

        Shared(Cancellable<?> operation) {
            this.operation = operation;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new Shared<>(operation);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            operation.cancel(mayInterruptIfRunning);
            return super.cancel(mayInterruptIfRunning);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancellingTheFutureCancelsTheStage(boolean mayInterrupt) {
        assertThat(future.cancel(mayInterrupt)).isTrue();
        assertThat(source.cancellations).containsExactly(mayInterrupt);
        assertThat(source).isCancelled();
        assertThat(future).isCancelled();
        assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void cancellingItAsACompletableFutureCancelsTheStage() {
        future.toCompletableFuture().cancel(true);
        assertThat(source).isCancelled();
    }

    @Test
    void stagesOfACancelledFutureRunInTheirContext() {
        CompletableFuture<String> stage = ScopedContext.where(USER, "alice")
                .call(() -> future.handle((result, failure) -> USER.get() + " " + (failure != null)));
        future.cancel(true);
        assertThat(stage.join()).isEqualTo("alice true");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancellingAFutureThatIsDoneLeavesTheStage(boolean normally) {
        if (normally) {
            future.complete("done");
        } else {
            future.completeExceptionally(new IllegalStateException());
        }
        assertThat(future.cancel(true)).isFalse();
        assertThat(source.cancellations).isEmpty();
    }

    @Test
    void cancellingADependentStageLeavesAPlainOne() {
        assertThat(future.thenApply(x -> x).cancel(true)).isTrue();
        assertThat(future.copy().cancel(true)).isTrue();
        assertThat(future.minimalCompletionStage().toCompletableFuture().cancel(true)).isTrue();
        assertThat(future).isNotDone();
        assertThat(source.cancellations).isEmpty();
    }

    @Test
    void cancellingADependentStageHasTheEffectThatTheStageGivesItsOwn() {
        Cancellable<String> operation = new Cancellable<>();
        CompletableFuture<String> shared = ContextExecutors.propagatingStage(new Shared<String>(operation));
        assertThat(shared.thenApply(x -> x).thenCompose(CompletableFuture::completedFuture).cancel(true)).isTrue();
        assertThat(operation).isCancelled();
        assertThat(shared).isNotDone();
    }

    @Test
    void stageThatCannotBeCancelledIsLeft() {
        CompletionStage<String> minimal = source.minimalCompletionStage();
        CompletableFuture<String> ofMinimal = ContextExecutors.propagatingStage(minimal);
        assertThat(ofMinimal.thenApply(x -> x).cancel(true)).isTrue();
        assertThat(ofMinimal.cancel(true)).isTrue();
        assertThat(source.cancellations).isEmpty();
        source.complete("done");
        assertThat(minimal.thenApply(x -> x + "!").toCompletableFuture().join()).isEqualTo("done!");
    }

    @Test
    void stageThatIsNoFutureIsLeft() {
        CompletableFuture<String> ofStage = ContextExecutors.propagatingStage(foreign(CompletionStage.class));
        assertThat(ofStage.cancel(true)).isTrue();
        assertThat(source.cancellations).isEmpty();
    }

    @Test
    void stageOfAnotherKindIsCancelledIfItIsAFuture() {
        CompletableFuture<String> ofStage = ContextExecutors
                .propagatingStage(foreign(CompletionStage.class, Future.class));
        assertThat(ofStage.thenApply(x -> x).cancel(true)).isTrue();
        assertThat(source.cancellations).isEmpty();
        assertThat(ofStage.cancel(true)).isTrue();
        assertThat(source.cancellations).containsExactly(true);
    }

    @SuppressWarnings("unchecked")
    private CompletionStage<String> foreign(Class<?>... types) {
        return (CompletionStage<String>) Proxy.newProxyInstance(getClass().getClassLoader(), types,
                (proxy, method, arguments) -> {
                    try {
                        return method.invoke(source, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    @Test
    void failureOfACancellationIsThrownWhenTheFutureIsCancelled() {
        IllegalStateException failure = new IllegalStateException("busy");
        CompletableFuture<String> ofBusy = ContextExecutors.propagatingStage(new CompletableFuture<String>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                throw failure;
            }
        });
        assertThatThrownBy(() -> ofBusy.cancel(true)).isSameAs(failure);
        assertThat(ofBusy).isCancelled();
    }

    static Stream<Arguments> completions() {
        IllegalStateException failure = new IllegalStateException("failure");
        return Stream.of(completion("complete", f -> f.complete("x")),
                completion("completeExceptionally", f -> f.completeExceptionally(failure)),
                completion("completeExceptionally with a cancellation",
                        f -> f.completeExceptionally(new CancellationException())),
                completion("completeAsync", f -> f.completeAsync(() -> "x", Runnable::run)),
                completion("obtrudeValue", f -> f.obtrudeValue("x")),
                completion("obtrudeException", f -> f.obtrudeException(failure)),
                completion("orTimeout", f -> f.orTimeout(1, TimeUnit.NANOSECONDS)),
                completion("completeOnTimeout", f -> f.completeOnTimeout("x", 1, TimeUnit.NANOSECONDS)));
    }

    private static Arguments completion(String name, Consumer<CompletableFuture<String>> completion) {
        return Arguments.of(name, completion);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("completions")
    void completingTheFutureLeavesTheStage(String name, Consumer<CompletableFuture<String>> completion) {
        CompletableFuture<Void> done = future.handle((result, failure) -> null);
        completion.accept(future);
        done.join();
        assertThat(source).isNotDone();
        assertThat(source.cancellations).isEmpty();
    }

    @Test
    void outcomeOfTheStageComesTooLateForACancelledFuture() {
        CompletableFuture<String> slow = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return complete("done anyway");
            }
        };
        CompletableFuture<String> ofSlow = ContextExecutors.propagatingStage(slow);
        assertThat(ofSlow.cancel(true)).isTrue();
        assertThat(ofSlow).isCancelled();
        assertThat(slow.join()).isEqualTo("done anyway");
    }

    @Test
    void stageThatCancelsTheFutureInTurnIsCancelledOnce() {
        AtomicInteger cancellations = new AtomicInteger();
        AtomicReference<CompletableFuture<String>> ours = new AtomicReference<>();
        CompletableFuture<String> mutual = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                cancellations.incrementAndGet();
                ours.get().cancel(mayInterruptIfRunning);
                return super.cancel(mayInterruptIfRunning);
            }
        };
        ours.set(ContextExecutors.propagatingStage(mutual));
        assertThat(ours.get().cancel(true)).isTrue();
        assertThat(ours.get().cancel(true)).isTrue();
        assertThat(mutual).isCancelled();
        assertThat(cancellations).hasValue(1);
    }

    @Test
    void futureThatFailedWithACancellationLeavesTheStage() {
        future.completeExceptionally(new CancellationException());
        assertThat(future.cancel(true)).isTrue();
        assertThat(source).isNotDone();
    }

    @Test
    void stageOfACancelledStageFailsAsInTheJdk() {
        CompletableFuture<String> dependent = ContextExecutors.propagatingStage(source.thenApply(x -> x));
        source.cancel(true);
        assertThat(dependent).isNotCancelled();
        assertThatThrownBy(dependent::join).isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(CancellationException.class);
    }

    /**
     * The future, its copy and a dependent stage; all at once, since the client may take seconds to close. The client
     * misses a cancellation now and then that comes between the headers and the body, so each body has begun.
     */
    @Test
    void cancellingStopsRequestsOfHttpClient() throws Exception {
        List<Function<CompletableFuture<HttpResponse<Void>>, CompletableFuture<?>>> ways = List.of(f -> f,
                CompletableFuture::copy, f -> f.thenApply(HttpResponse::statusCode).thenApply(String::valueOf));
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<?>> used = new ArrayList<>();
        List<CountDownLatch> begun = new ArrayList<>();
        try (EndlessServer server = new EndlessServer(ways.size())) {
            HttpRequest request = HttpRequest.newBuilder(server.uri()).build();
            for (var way : ways) {
                CountDownLatch chunk = new CountDownLatch(1);
                begun.add(chunk);
                used.add(way.apply(ContextExecutors.propagatingStage(client.sendAsync(request,
                        HttpResponse.BodyHandlers.ofByteArrayConsumer(bytes -> chunk.countDown())))));
            }
            for (CountDownLatch chunk : begun) {
                chunk.await();
            }
            assertThat(used).allMatch(future -> future.cancel(true));
            assertThat(used).allMatch(CompletableFuture::isCancelled);
            assertThat(server.stopped.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
