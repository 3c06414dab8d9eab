package dev.scopedcontext.task;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What the subtasks of a scope failed with, until somebody has been told: kept so that whatever way the scope
 * ends, no failure is lost. What the joiner accepted, by returning normally, is in the subtasks; the rest is
 * suppressed into what the scope throws, or, where it throws nothing, logged.
 */
final class SubtaskFailures {

    /** More than these are only counted, since an accepting joiner may see any number. */
    private static final int KEPT = 100;

    /** Guarded by this: what the joiner was told of, and what came after the scope was cancelled. */
    private final List<Throwable> failures = new ArrayList<>(0);
    private final List<Throwable> late = new ArrayList<>(0);
    private int more;
    private boolean accepted;

    /** The owner's alone: what was thrown, and where in it the failures are told. */
    private @Nullable Throwable thrown;
    private @Nullable Throwable reported;

    /** Takes a failure that the joiner is told of. */
    synchronized void add(Throwable failure) {
        if (!accepted) {
            keep(failure, failures);
        }
    }

    /** Takes a failure of a subtask that ended after the scope was cancelled, of which nobody is told. */
    synchronized void addLate(Throwable failure) {
        if (!tellsOfCancellation(failure)) {
            keep(failure, late);
        }
    }

    private void keep(Throwable failure, List<Throwable> list) {
        if (failures.size() + late.size() < KEPT) {
            list.add(failure);
        } else {
            more++;
        }
    }

    /** Forgets what the joiner was told of, since it returned normally. */
    synchronized void accept() {
        accepted = true;
        failures.clear();
        more = 0;
    }

    /** Suppresses all that there are into what is thrown: into its cause, if that is one of them. */
    synchronized void suppressInto(Throwable thrown) {
        if (this.thrown != thrown || reported == null) {
            this.thrown = thrown;
            this.reported = reported(thrown);
        }
        Throwable reported = this.reported;
        List<Throwable> told = new ArrayList<>(List.of(reported.getSuppressed()));
        told.add(reported);
        told.add(thrown);
        failures.addAll(late);
        for (Throwable failure : failures) {
            if (told.stream().noneMatch(one -> one == failure)) {
                told.add(failure);
                reported.addSuppressed(failure);
            }
        }
        if (more > 0) {
            reported.addSuppressed(new IllegalStateException(more + " more failures of subtasks are left out here"));
        }
        failures.clear();
        late.clear();
        more = 0;
    }

    private Throwable reported(Throwable thrown) {
        Throwable cause = thrown.getCause();
        boolean isFirst = failures.stream().anyMatch(failure -> failure == cause);
        return cause != null && (isFirst || thrown instanceof ExecutionException) ? cause : thrown;
    }

    /** Logs what is left, since there is nothing to suppress it into. */
    synchronized void report(Object scope) {
        failures.addAll(late);
        for (Throwable failure : failures) {
            System.getLogger("dev.scopedcontext").log(System.Logger.Level.WARNING,
                    "A subtask of " + scope + " failed, of which nobody was told: the scope was cancelled before",
                    failure);
        }
        failures.clear();
        late.clear();
    }

    /** Tells whether a failure says no more than that the scope was cancelled; what it suppresses counts too. */
    private static boolean tellsOfCancellation(Throwable failure) {
        boolean cancellation = false;
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            for (Throwable suppressed : cause.getSuppressed()) {
                if (!tellsOfCancellation(suppressed)) {
                    return false;
                }
            }
            cancellation |= isCancellation(cause);
            cause = cause.getCause();
        }
        return cancellation;
    }

    private static boolean isCancellation(@Nullable Throwable failure) {
        return failure instanceof InterruptedException || failure instanceof CancellationException
                || failure instanceof ClosedByInterruptException || failure instanceof InterruptedIOException
                || failure instanceof CancelledByTimeoutException || failure instanceof DeadlineExceededException
                || failure instanceof NotJoinedException;
    }
}
