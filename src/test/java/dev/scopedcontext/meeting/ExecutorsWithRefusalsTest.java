package dev.scopedcontext.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.task.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Work whose caller could not be notified runs even if it was wrapped in a context that cannot be entered. */
@ExtendWith(CleanThread.class)
class ExecutorsWithRefusalsTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> REFUSING = ContextKey.<String>builder("refusing")
            .handOff(HandOff.perTask(captured -> {
                throw new IllegalStateException("pool exhausted");
            }, opened -> {
            })).build();

    private final CompletableFuture<String> ran = new CompletableFuture<>();

    static List<ContextSnapshot> refusingContexts() {
        return List.of(
                ScopedContext.where(USER, "alice").where(REFUSING, "r").call(ScopedContext::capture),
                ScopedContext.where(USER, "alice")
                        .call(() -> Deadline.within(Duration.ZERO).call(ScopedContext::capture)));
    }

    private void task() {
        ran.complete(USER.get());
    }

    private String ranAs() {
        return ran.getNow("not run");
    }

    @ParameterizedTest
    @MethodSource("refusingContexts")
    void taskThatIsExecuted(ContextSnapshot context) {
        Executor propagating = ContextExecutors.propagating((Executor) Runnable::run);
        propagating.execute(context.wrap((Runnable) this::task));
        assertThat(ranAs()).isEqualTo("alice");
    }

    @ParameterizedTest
    @MethodSource("refusingContexts")
    void taskOfAThread(ContextSnapshot context) throws Exception {
        Thread thread = ContextExecutors.propagatingFactory(Thread::new)
                .newThread(context.wrap((Runnable) this::task));
        thread.start();
        thread.join();
        assertThat(ranAs()).isEqualTo("alice");
    }

    @ParameterizedTest
    @MethodSource("refusingContexts")
    void stagesThatRunAfterAFailureToo(ContextSnapshot context) {
        CompletableFuture<String> source = ContextExecutors.propagatingStage(new CompletableFuture<String>());
        BiConsumer<String, Throwable> action = context.wrapBiConsumer((result, failure) -> task());
        BiFunction<String, Throwable, String> both = context.wrapBiFunction((result, failure) -> USER.get());
        CompletableFuture<String> completed = source.whenComplete(action).exceptionally(failure -> "completed");
        CompletableFuture<String> handled = source.handle(both);
        CompletableFuture<String> fallback = source
                .exceptionally(context.<Throwable, String>wrapFunction(failure -> USER.get()));
        CompletableFuture<String> composed = source.exceptionallyCompose(context
                .<Throwable, CompletionStage<String>>wrapFunction(
                        failure -> CompletableFuture.completedFuture(USER.get())));
        source.completeExceptionally(new UnsupportedOperationException());
        assertThat(completed.join()).isEqualTo("completed");
        assertThat(ranAs()).isEqualTo("alice");
        assertThat(List.of(handled.join(), fallback.join(), composed.join())).containsOnly("alice");
    }

    /** The ways that notify the caller. */
    @ParameterizedTest
    @MethodSource("refusingContexts")
    void calledDirectlyTheyFail(ContextSnapshot context) {
        Function<String, String> function = context.wrapFunction(argument -> argument);
        BiFunction<String, String, String> both = context.wrapBiFunction((first, second) -> first);
        BiConsumer<String, String> action = context.wrapBiConsumer((first, second) -> task());
        assertThatThrownBy(() -> function.apply("a")).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> both.apply("a", "b")).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> action.accept("a", "b")).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> context.wrap((Runnable) this::task).run()).isInstanceOf(RuntimeException.class);
        assertThat(ranAs()).isEqualTo("not run");
    }

    @Test
    void wrappedTaskStaysComparableAndKeepsItsContext() {
        record Ranked(int rank, Runnable task) implements Runnable, Comparable<Ranked> {

            @Override
            public void run() {
                task.run();
            }

            @Override
            public int compareTo(Ranked other) {
                return Integer.compare(rank, other.rank);
            }

            @Override
            public String toString() {
                return "ranked";
            }
        }
        Runnable wrapped = ScopedContext.where(USER, "alice").call(ScopedContext::capture)
                .wrap(new Ranked(1, this::task));
        CompletableFuture<Runnable> queued = new CompletableFuture<>();
        ContextExecutors.propagating((Executor) queued::complete).execute(wrapped);
        assertThat(queued.join()).isInstanceOf(Comparable.class).hasToString(wrapped.toString());
        assertThat(ScopedContext.capture().wrap(queued.join())).isSameAs(queued.join());
        queued.join().run();
        assertThat(ranAs()).isEqualTo("alice");
    }
}
