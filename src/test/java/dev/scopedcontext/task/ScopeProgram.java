package dev.scopedcontext.task;

import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.task.ScriptedTask.Reaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A random program of one owner with one task scope; its subtasks, and its owner meanwhile, run programs of their own.
 * One thing happens after the other: a subtask waits until it is told to do something, and the thread that tells it
 * waits until it has gone. During {@code join} and {@code close} that is another thread.
 */
final class ScopeProgram {

    private static final String TOO_SLOW = "The time was up too early";
    private static final int DEEPEST = 3;
    private static final List<Reaction> REACTIONS = List.of(Reaction.values());

    private final Scopes scopes;
    private final Random random;
    private final int depth;
    private final List<String> said;
    private final ScriptedTasks tasks;
    private final List<@Nullable Object> subtasks = new ArrayList<>();
    private final Thread owner = Thread.currentThread();
    private final ScopeSettings settings;
    private final Object scope;
    private final long opened = System.nanoTime();

    /** The program of the scope around this one, if that has the same owner. */
    private final @Nullable ScopeProgram around;

    ScopeProgram(Scopes scopes, long seed, List<String> said, int depth, @Nullable ScopeProgram around)
            throws Exception {
        this.around = around;
        this.scopes = scopes;
        this.random = new Random(seed);
        this.said = said;
        this.depth = depth;
        this.settings = ScopeSettings.random(random);
        say("open " + settings);
        this.scope = scopes.open(settings);
        this.tasks = new ScriptedTasks(settings, () -> scopes.isCancelled(scope));
    }

    /** Runs the program of a seed on a new thread and returns what was seen, or null if the machine is too slow. */
    static @Nullable String transcript(Scopes scopes, long seed, ThreadFactory factory) throws Exception {
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        try {
            OnThread.call(factory, () -> new ScopeProgram(scopes, seed, said, 0, null).run());
        } catch (AssertionError failure) {
            if (!said.contains(TOO_SLOW)) {
                throw failure;
            }
        }
        return said.contains(TOO_SLOW) ? null : String.join("\n", said);
    }

    private void say(String line) {
        said.add("  ".repeat(depth) + line);
    }

    Object run() throws Exception {
        if (settings.timesOutAtOnce()) {
            Waiting.until("the time is up", () -> scopes.isCancelled(scope));
        }
        for (int steps = random.nextInt(9); steps > 0; steps--) {
            step();
        }
        if (settings.timesOutWhileJoining()
                && System.nanoTime() - opened > ScopeSettings.WHILE_JOINING.toNanos() / 2) {
            said.add(TOO_SLOW);
        }
        if (random.nextInt(8) > 0) {
            join();
        }
        showTasks();
        if (around != null && random.nextInt(8) == 0 && tasks.haveGone()) {
            return "left open";
        }
        Waiting.meanwhile(this::release, () -> attempt("close", this::closed));
        showTasks();
        attempt("fork when closed", () -> forked(scopes.fork(scope, () -> "never")));
        attempt("join when closed", () -> scopes.join(scope));
        attempt("close again", this::closed);
        say("status " + Thread.interrupted());
        return "result of " + depth;
    }

    // Before the join.

    private void step() throws Exception {
        switch (random.nextInt(16)) {
            case 0 -> misuse();
            case 1, 2, 3 -> some().ifPresent(this::finish);
            case 4 -> say("cancelled " + scopes.isCancelled(scope));
            case 5 -> new ArrayList<>(subtasks).forEach(this::showEarly);
            case 6 -> some().filter(ScriptedTask::isFree).ifPresent(this::interrupt);
            case 7 -> some().filter(this::canOpen).ifPresent(task -> task.openAndJoin(scopes));
            case 8 -> openInside();
            case 9 -> {
                if (around != null && random.nextBoolean()) {
                    around.fork();
                }
            }
            default -> fork();
        }
    }

    private void fork() {
        ScriptedTask task = tasks.add(REACTIONS.get(random.nextInt(REACTIONS.size())));
        boolean asRunnable = random.nextInt(4) == 0;
        int before = subtasks.size();
        boolean cancelled = scopes.isCancelled(scope);
        attempt("fork " + task, () -> {
            Object subtask = asRunnable ? scopes.forkRunnable(scope, task) : scopes.fork(scope, task);
            subtasks.add(subtask);
            return scopes.state(subtask);
        });
        if (subtasks.size() == before) {
            subtasks.add(null);
        } else if (!cancelled && !scopes.isCancelled(scope)) {
            tasks.hasStarted(task);
        }
        tasks.awaitCancellation();
    }

    /** A scope of ours that is opened in one with a timeout would be cancelled with it, and not interrupted. */
    private boolean canOpen(ScriptedTask task) {
        return task.isFree() && !scopes.isCancelled(scope) && !settings.timesOutWhileJoining();
    }

    private void showEarly(@Nullable Object subtask) {
        if (subtask != null) {
            attempt("get before join", () -> scopes.get(subtask));
            attempt("exception before join", () -> scopes.exception(subtask));
        }
    }

    private void interrupt(ScriptedTask task) {
        say("interrupt " + task);
        if (!scopes.isCancelled(scope)) {
            task.interrupt();
            tasks.awaitCancellation();
        }
    }

    private void openInside() throws Exception {
        if (depth < DEEPEST) {
            say("open inside");
            say(new ScopeProgram(scopes, random.nextLong(), said, depth + 1, this).run().toString());
        }
    }

    private void misuse() throws Exception {
        attempt("fork null", () -> forked(scopes.fork(scope, null)));
        attempt("run null", () -> forked(scopes.forkRunnable(scope, null)));
        Waiting.meanwhile(this::misuseElsewhere, () -> "nothing");
    }

    private Object misuseElsewhere() {
        attempt("fork elsewhere", () -> forked(scopes.fork(scope, () -> "never")));
        attempt("join elsewhere", () -> scopes.join(scope));
        attempt("close elsewhere", this::closed);
        return "misused";
    }

    private String forked(Object subtask) {
        return scopes.state(subtask);
    }

    private @Nullable Object closed() throws Exception {
        scopes.close(scope);
        return null;
    }

    // What subtasks do.

    private Optional<ScriptedTask> some() {
        List<ScriptedTask> running = tasks.running();
        int number = random.nextInt(100);
        return running.isEmpty()
                ? Optional.empty()
                : Optional.of(running.get(number % running.size()));
    }

    private void finish(ScriptedTask task) {
        int value = random.nextInt(4);
        long seed = random.nextLong();
        int kind = random.nextInt(depth < DEEPEST && !settings.timesOutWhileJoining() ? 9 : 7);
        say(task + " does " + kind);
        task.doAndEnd(() -> switch (kind) {
            case 0, 1 -> throw new IllegalStateException("planted " + task);
            case 2 -> throw new AssertionError("planted " + task);
            case 3, 4 -> "value " + value;
            case 5 -> null;
            case 6 -> misuseElsewhere();
            default -> new ScopeProgram(scopes, seed, said, depth + 1, null).run();
        });
        tasks.awaitCancellation();
    }

    // Join and close.

    private void join() throws Exception {
        boolean timesOut = settings.timesOutWhileJoining() && !scopes.isCancelled(scope) && !tasks.running().isEmpty();
        int interrupt = random.nextInt(10);
        boolean before = interrupt == 0;
        boolean during = interrupt == 1 && !tasks.running().isEmpty() && !scopes.isCancelled(scope);
        if (before) {
            owner.interrupt();
        }
        Runnable meanwhile = timesOut || before ? () -> {
        } : during ? this::interruptOwner : this::finishAll;
        String outcome = Waiting.meanwhile(meanwhile, () -> attempt("join", () -> scopes.join(scope)));
        tasks.awaitCancellation();
        say("status " + Thread.interrupted());
        if (outcome.contains("InterruptedException") && PlainScopes.JOINERS_TIME_OUT && random.nextBoolean()) {
            Waiting.meanwhile(this::finishAll, () -> attempt("join again", () -> scopes.join(scope)));
        }
        attempt("fork after join", () -> forked(scopes.fork(scope, () -> "never")));
        if (!outcome.contains("InterruptedException")) {
            attempt("join after join", () -> scopes.join(scope));
        }
    }

    private void interruptOwner() {
        Waiting.untilParked(owner);
        owner.interrupt();
    }

    private void finishAll() {
        Waiting.within(TimeUnit.MILLISECONDS.toNanos(1), () -> Waiting.isParked(owner));
        tasks.letGo();
        List<ScriptedTask> running = tasks.running();
        while (!running.isEmpty() && !scopes.isCancelled(scope)) {
            finish(running.get(random.nextInt(running.size())));
            running = tasks.running();
        }
        tasks.awaitCancellation();
    }

    /** Lets those subtasks end that went on after an interrupt; that of the owner must not reach them. */
    private void release() {
        boolean interrupts = random.nextInt(4) == 0;
        List<ScriptedTask> goingOn = tasks.afterCancellation();
        if (interrupts && !goingOn.isEmpty()) {
            interruptOwner();
            Waiting.within(TimeUnit.MILLISECONDS.toNanos(20), () -> !owner.isInterrupted() && Waiting.isParked(owner));
        }
        goingOn.forEach(task -> task.doAndEnd(() -> "late"));
    }

    // What is seen.

    private void showTasks() {
        boolean timedOut = settings.timesOutAtOnce() || settings.timesOutWhileJoining();
        for (int i = 0; i < subtasks.size(); i++) {
            Object subtask = subtasks.get(i);
            say(tasks.history(i) + (subtask == null ? "" : " " + scopes.state(subtask)));
            if (subtask != null && (!timedOut || PlainScopes.JOINERS_TIME_OUT)) {
                attempt("get", () -> scopes.get(subtask));
                attempt("exception", () -> scopes.exception(subtask));
            }
        }
    }

    private String attempt(String what, Callable<@Nullable Object> operation) {
        String outcome = ScopeOutcome.of(operation, settings.policy(), scopes);
        say(what + " gives " + outcome);
        return outcome;
    }
}
