package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The ready joiners, and the default methods of others, check what they are told of as the JDK's do. */
@OnEachEngine
class JoinerArgumentTest {

    private static List<Supplier<Joiner<String, ?, ?>>> joiners() {
        List<Supplier<Joiner<String, ?, ?>>> joiners = new ArrayList<>();
        joiners.add(Joiner::allSuccessfulOrThrow);
        joiners.add(Joiner::anySuccessfulOrThrow);
        joiners.add(Joiner::awaitAllSuccessfulOrThrow);
        joiners.add(() -> Joiner.allUntil(subtask -> false));
        joiners.add(() -> Joiner.quorum(1));
        joiners.add(Joiner::awaitAll);
        joiners.add(Joiner::collect);
        joiners.add(() -> new Joiner<String, String, RuntimeException>() {
            @Override
            public String result() {
                return "own";
            }

            @Override
            public String timeout() {
                return "own";
            }
        });
        return joiners;
    }

    @Test
    @SuppressWarnings("NullAway")
    void theirArgumentIsChecked() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<String>awaitAll())) {
            Subtask<String> subtask = scope.fork(() -> {
                done.await();
                return "done";
            });
            Subtask<String> failing = scope.fork(() -> {
                throw new IllegalStateException("failed");
            });
            for (var joiner : joiners()) {
                assertThatThrownBy(() -> joiner.get().onFork(null)).isInstanceOf(NullPointerException.class)
                        .hasMessage("subtask");
                assertThatThrownBy(() -> joiner.get().onComplete(null)).isInstanceOf(NullPointerException.class)
                        .hasMessage("subtask");
                assertThatThrownBy(() -> joiner.get().onComplete(subtask))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("onComplete() was called with Subtask[UNAVAILABLE in TaskScope[")
                        .hasMessageContaining("which has neither succeeded nor failed");
            }
            done.countDown();
            scope.join();
            for (var joiner : joiners()) {
                assertThatThrownBy(() -> joiner.get().onFork(subtask)).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("onFork() was called with Subtask[SUCCESS in TaskScope[")
                        .hasMessageContaining("which has ended");
                assertThatThrownBy(() -> joiner.get().onFork(failing)).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("with java.lang.IllegalStateException: failed]");
            }
        }
    }
}
