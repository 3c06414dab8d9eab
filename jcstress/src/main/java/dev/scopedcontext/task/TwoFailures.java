package dev.scopedcontext.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two subtasks fail at once: the first one is the cause, and the other is suppressed into it. */
@JCStressTest
@Outcome(id = "a \\+ b", expect = ACCEPTABLE, desc = "a is the cause, b is suppressed")
@Outcome(id = "b \\+ a", expect = ACCEPTABLE, desc = "b is the cause, a is suppressed")
@Outcome(expect = FORBIDDEN, desc = "One is lost, or told twice")
@State
public class TwoFailures extends Race {

    private final Exception a = new Exception("a", null);
    private final Exception b = new Exception("b", null);
    private ForkedSubtask<?> second;

    /** Works like {@code allSuccessfulOrThrow}, for subtasks that are not queried on their own thread. */
    private static final class FirstFailure implements Joiner<Object, Object, ExecutionException> {

        private final AtomicReference<Subtask<?>> first = new AtomicReference<>();

        @Override
        public boolean onComplete(Subtask<Object> subtask) {
            return first.compareAndSet(null, subtask);
        }

        @Override
        public Object result() throws ExecutionException {
            throw new ExecutionException(first.get().exception());
        }

        @Override
        public Object timeout() {
            return "timed out";
        }
    }

    /** Fails one subtask, and joins. */
    @Actor
    public void owner(L_Result r) {
        r.r1 = found(this::failAndJoin);
    }

    private Object failAndJoin() throws Exception {
        try (var scope = open(new FirstFailure(), TaskSettings.DEFAULT)) {
            ForkedSubtask<?> one = fork();
            second = fork();
            begin();
            fail(one, a);
            return scope.join();
        } catch (ExecutionException failure) {
            return told(failure.getCause());
        }
    }

    private static String told(Throwable cause) {
        StringBuilder told = new StringBuilder(cause.getMessage());
        for (Throwable suppressed : cause.getSuppressed()) {
            told.append(" + ").append(suppressed.getMessage());
        }
        return told.toString();
    }

    /** Fails the other subtask. */
    @Actor
    public void other() {
        whenBegun(() -> fail(second, b));
    }
}
