package dev.scopedcontext.task;

import dev.scopedcontext.task.ScriptedTask.Reaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The subtasks of one scope of a random program. */
final class ScriptedTasks {

    private final ScopeSettings settings;
    private final BooleanSupplier isCancelled;
    private final List<ScriptedTask> tasks = new ArrayList<>();
    private final List<ScriptedTask> started = new ArrayList<>();

    ScriptedTasks(ScopeSettings settings, BooleanSupplier isCancelled) {
        this.settings = settings;
        this.isCancelled = isCancelled;
    }

    ScriptedTask add(Reaction reaction) {
        ScriptedTask task = new ScriptedTask(tasks.size(), reaction);
        tasks.add(task);
        return task;
    }

    /** Takes a task that was forked and not cancelled, which begins unless its thread is held. */
    void hasStarted(ScriptedTask task) {
        started.add(task);
        if (!(settings.factory() instanceof HeldThreads)) {
            task.awaitBegin();
        }
    }

    /** Returns the tasks that have begun and whose threads have not gone. */
    List<ScriptedTask> running() {
        return tasks.stream().filter(ScriptedTask::isRunning).toList();
    }

    boolean haveGone() {
        return started.stream().allMatch(ScriptedTask::hasEnded) && running().isEmpty();
    }

    /** Lets the tasks begin whose threads are held, unless the scope is cancelled. */
    void letGo() {
        if (!isCancelled.getAsBoolean()) {
            releaseHeld();
        }
    }

    private void releaseHeld() {
        if (settings.factory() instanceof HeldThreads held) {
            held.release();
            started.forEach(ScriptedTask::awaitBegin);
        }
    }

    /** Waits until all running tasks know of the cancellation, if there is one. */
    void awaitCancellation() {
        if (isCancelled.getAsBoolean()) {
            running().forEach(ScriptedTask::awaitCancellation);
        }
    }

    /** Returns the tasks that go on after the scope is cancelled, which is being closed. */
    List<ScriptedTask> afterCancellation() {
        Waiting.until("it is cancelled or joined", () -> isCancelled.getAsBoolean() || haveGone());
        releaseHeld();
        running().forEach(ScriptedTask::awaitCancellation);
        return running();
    }

    /** Returns what has become of a task. */
    String history(int number) {
        ScriptedTask task = tasks.get(number);
        return task + ": " + task.history();
    }
}
