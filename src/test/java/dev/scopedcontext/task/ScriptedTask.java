package dev.scopedcontext.task;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A subtask that does what it is told, one thing after the other, and counts how often it is interrupted. */
final class ScriptedTask implements Callable<@Nullable Object>, Runnable {

    /** What a subtask does about an interrupt. */
    enum Reaction {
        THROWS, RETURNS, GOES_ON
    }

    private static final Object STOPPED = "stopped";

    final int number;
    private final Reaction reaction;
    private final BlockingQueue<Callable<@Nullable Object>> told = new LinkedBlockingQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger interrupts = new AtomicInteger();
    private volatile @Nullable Thread thread;

    /** The program's: how often this was interrupted by it, and what this waits for if it has a scope of its own. */
    private int interruptsOfProgram;
    private @Nullable ScriptedTask inner;

    ScriptedTask(int number, Reaction reaction) {
        this.number = number;
        this.reaction = reaction;
    }

    @Override
    public @Nullable Object call() throws Exception {
        thread = Thread.currentThread();
        begun.countDown();
        try {
            return obey();
        } finally {
            interrupts.addAndGet(Thread.interrupted() ? 1 : 0);
            ended.countDown();
        }
    }

    /** Runs as a task without a result, which throws what it throws even if that is checked. */
    @Override
    public void run() {
        try {
            call();
        } catch (Throwable failure) {
            throw sneak(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException sneak(Throwable failure) throws X {
        throw (X) failure;
    }

    private @Nullable Object obey() throws Exception {
        while (true) {
            try {
                return told.take().call();
            } catch (InterruptedException interrupt) {
                interrupts.incrementAndGet();
                if (reaction == Reaction.THROWS) {
                    throw interrupt;
                }
                if (reaction == Reaction.RETURNS) {
                    return STOPPED;
                }
            }
        }
    }

    /** Tells this to do something, which gives its outcome, and waits until its thread has gone. */
    void doAndEnd(Callable<@Nullable Object> outcome) {
        if (inner != null) {
            inner.doAndEnd(outcome);
        } else {
            told.add(outcome);
        }
        awaitEnd();
    }

    /** Tells this to wait in a scope of its own for a subtask that does what this is told. */
    void openAndJoin(Scopes scopes) {
        ScriptedTask task = new ScriptedTask(number, Reaction.THROWS);
        inner = task;
        told.add(() -> {
            Object scope = scopes.open(new ScopeSettings(Scopes.Policy.DEFAULT, null, null, null));
            try {
                scopes.fork(scope, task);
                return scopes.join(scope);
            } catch (InterruptedException interrupt) {
                interrupts.incrementAndGet();
                throw new IllegalStateException("planted interrupt", interrupt);
            } finally {
                scopes.close(scope);
            }
        });
        task.awaitBegin();
    }

    /** Interrupts this as its scope does. */
    void interrupt() {
        Thread running = thread;
        if (running != null) {
            interruptsOfProgram++;
            running.interrupt();
            awaitInterrupts(interruptsOfProgram);
        }
    }

    void awaitBegin() {
        Waiting.until(this + " begins", () -> begun.getCount() == 0);
    }

    void awaitEnd() {
        Thread running = thread;
        Waiting.until(this + " ends", () -> ended.getCount() == 0 && running != null && !running.isAlive());
    }

    /** Waits until this has seen the interrupt of the cancellation, and has gone if that is what it does then. */
    void awaitCancellation() {
        awaitInterrupts(interruptsOfProgram + 1);
    }

    private void awaitInterrupts(int number) {
        Waiting.until(this + " is interrupted", () -> interrupts.get() >= number || !isRunning());
        if (reaction != Reaction.GOES_ON || inner != null) {
            awaitEnd();
        }
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Tells whether this can be told something. */
    boolean isFree() {
        return isRunning() && inner == null;
    }

    /** Tells whether this has begun and its thread has not gone. */
    boolean isRunning() {
        Thread running = thread;
        return running != null && running.isAlive();
    }

    /** Returns what has become of this. */
    String history() {
        return (begun.getCount() == 0 ? "begun " : "not begun ") + (ended.getCount() == 0 ? "ended " : "not ended ")
                + interrupts + " interrupts" + (inner == null ? "" : ", inside " + inner.history());
    }

    @Override
    public String toString() {
        return "task " + number;
    }
}
