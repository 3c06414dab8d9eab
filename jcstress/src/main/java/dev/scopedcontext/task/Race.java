package dev.scopedcontext.task;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;

/**
 * A task scope whose subtasks have no threads of their own. One actor is the owner. Either actor ends subtasks, by the
 * steps that their threads would take. The race is therefore in the scope itself: its mark, its counts, the subtasks to
 * interrupt, and the permits.
 */
abstract class Race {

    static {
        Engines.use(new ActorsEngine());
    }

    private static final ThreadLocal<Race> OPENING = new ThreadLocal<>();

    /** Used by the owner only: the threads of subtasks, in the order of forking. */
    final List<Witness> witnesses = new ArrayList<>();

    private LiveTaskScope<?, ?, ?> scope;
    private volatile boolean begun;
    private volatile boolean otherIsDone;

    @SuppressWarnings("unchecked")
    final <R, X extends Throwable> LiveTaskScope<Object, R, X> open(Joiner<Object, R, X> joiner,
            TaskScope.Configuration settings) {
        OPENING.set(this);
        scope = (LiveTaskScope<?, ?, ?>) LiveTaskScope.<Object, R, X>open(joiner, (TaskSettings) settings);
        return (LiveTaskScope<Object, R, X>) scope;
    }

    final ForkedSubtask<?> fork() {
        return (ForkedSubtask<?>) scope.fork(() -> {
            throw new AssertionError("It has no thread to run on");
        });
    }

    /** Returns the final result of the owner; an exception, which no race expects, if the owner throws one. */
    static Object found(Callable<?> owner) {
        try {
            return owner.call();
        } catch (Exception unexpected) {
            return unexpected;
        }
    }

    /** Lets the other actor begin. */
    final void begin() {
        begun = true;
    }

    /** Runs the other actor, from the beginning and before the scope is closed. */
    final void whenBegun(Runnable action) {
        while (!begun) {
            Thread.onSpinWait();
        }
        action.run();
        otherIsDone = true;
    }

    /** Takes the steps of the thread of a subtask whose task has returned. */
    final void end(ForkedSubtask<?> subtask, Object result) {
        scope.completions.complete(subtask, result, null);
        scope.completions.end(subtask);
    }

    /** Takes the steps of the thread of a subtask whose task has thrown. */
    final void fail(ForkedSubtask<?> subtask, Throwable failure) {
        scope.completions.complete(subtask, null, failure);
        scope.completions.end(subtask);
    }

    /** Stands for the thread of a subtask, and is never started. */
    static final class Witness extends Thread {

        volatile boolean interrupted;
        volatile boolean resumed;
        private boolean sawMark;

        @Override
        public void interrupt() {
            interrupted = true;
        }

        /** Returns whether a subtask that has begun detects that its scope is cancelled. */
        boolean knows() {
            return interrupted || sawMark;
        }
    }

    private static final class ActorsEngine implements Engine {

        @Override
        public TaskThreads open(String name, ThreadFactory factory) {
            return OPENING.get().new Threads();
        }

        @Override
        public EngineReport report() {
            return new EngineReport(EngineReport.Kind.PORTABLE, "the actors are the threads");
        }
    }

    private final class Threads implements TaskThreads {

        /** The thread of a subtask checks the mark before it runs the task; here it does so as early as possible. */
        @Override
        public void start(ForkedSubtask<?> subtask) {
            Witness witness = new Witness();
            subtask.thread = witness;
            witness.sawMark = scope.isCancelled();
            witnesses.add(witness);
        }

        @Override
        public void resume(ForkedSubtask<?> subtask) {
            ((Witness) subtask.thread).resumed = true;
        }

        @Override
        public void end(ForkedSubtask<?> subtask) {
        }

        @Override
        public boolean isOwnerWoken() {
            return false;
        }

        @Override
        public void close(RunningSubtasks running) {
            while (!otherIsDone) {
                Thread.onSpinWait();
            }
        }
    }
}
