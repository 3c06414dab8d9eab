package dev.scopedcontext.task;

import dev.scopedcontext.internal.Log;
import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The unreported failures of the subtasks of a scope, so that no failure is lost. A joiner accepts failures by
 * returning normally; they can then be read from the subtasks. All others are suppressed into the exception that the
 * scope throws, or logged if it throws none.
 */
final class SubtaskFailures {

    /** How many failures are kept. Others are only counted, since a joiner may accept any number. */
    private static final int KEPT = 100;

    // Guarded by this: failures reported to the joiner, and failures after the cancellation of the scope.
    private final List<Throwable> failures = new ArrayList<>(0);
    private final List<Throwable> late = new ArrayList<>(0);
    private int moreFailures;
    private int moreLate;

    // Written and read by the owner: the thrown exception, and the one into which failures are suppressed.
    private @Nullable Throwable thrown;
    private @Nullable Throwable reported;

    /** Adds a failure that is reported to the joiner. */
    synchronized void add(Throwable failure) {
        if (failures.size() < KEPT) {
            failures.add(failure);
        } else {
            moreFailures++;
        }
    }

    /**
     * Adds the failure of a subtask that ended after the scope was cancelled, unless it only reports the cancellation.
     * A failure that reports a deadline does so only if the deadline of the scope has passed.
     */
    synchronized void addLate(Throwable failure, boolean deadlinePassed) {
        if (tellsOfCancellation(failure, deadlinePassed)) {
            return;
        }
        if (late.size() < KEPT) {
            late.add(failure);
        } else {
            moreLate++;
        }
    }

    /** Drops the failures that were reported to the joiner, since it has returned normally. */
    synchronized void accept() {
        failures.clear();
        moreFailures = 0;
    }

    /** Suppresses all failures into a thrown exception, or into its cause if that is one of them. */
    synchronized void suppressInto(Throwable thrown) {
        if (this.thrown != thrown || reported == null) {
            this.thrown = thrown;
            this.reported = reported(thrown);
        }
        Throwable reported = this.reported;
        List<Throwable> told = new ArrayList<>(List.of(reported.getSuppressed()));
        told.add(reported);
        told.add(thrown);
        for (Throwable failure : takeAll()) {
            if (told.stream().noneMatch(one -> one == failure)) {
                told.add(failure);
                suppress(failure, reported, thrown);
            }
        }
    }

    /** Suppresses a failure into the first of two exceptions that keeps it. Suppression may be disabled in both. */
    private static void suppress(Throwable failure, Throwable reported, Throwable thrown) {
        if (reported.getSuppressed().length < 2 * KEPT) { // a shared exception would grow without limit
            Failures.add(reported, failure);
        }
        if (!keeps(reported, failure) && thrown != reported) {
            Failures.add(thrown, failure);
        }
        if (!keeps(reported, failure) && !keeps(thrown, failure)) {
            Log.info("A subtask failed, and its failure cannot be suppressed into " + thrown, failure);
        }
    }

    private static boolean keeps(Throwable thrown, Throwable failure) {
        return Arrays.stream(thrown.getSuppressed()).anyMatch(kept -> kept == failure);
    }

    /** Returns and drops all failures. The last one states how many are left out, if any. */
    private List<Throwable> takeAll() {
        List<Throwable> all = new ArrayList<>(failures);
        all.addAll(late);
        int more = moreFailures + moreLate;
        if (more > 0) {
            all.add(new IllegalStateException(more + " more failures of subtasks are left out here"));
        }
        failures.clear();
        late.clear();
        moreFailures = 0;
        moreLate = 0;
        return all;
    }

    private Throwable reported(Throwable thrown) {
        Throwable cause = thrown.getCause();
        boolean isFirst = failures.stream().anyMatch(failure -> failure == cause);
        return cause != null && (isFirst || thrown instanceof ExecutionException) ? cause : thrown;
    }

    /** Logs all failures, since there is no exception to suppress them into. */
    synchronized void report(Object scope) {
        for (Throwable failure : takeAll()) {
            Log.info("A subtask of " + scope + " failed after the scope was cancelled, and no exception reports it: "
                    + failure,
                    failure);
        }
    }

    /** Returns true if a failure only reports the cancellation of the scope, and false if it cannot be examined. */
    private static boolean tellsOfCancellation(Throwable failure, boolean deadlinePassed) {
        try {
            return tellsOfCancellation(failure, deadlinePassed, Collections.newSetFromMap(new IdentityHashMap<>()));
        } catch (Throwable ofFailure) {
            return false;
        }
    }

    /** Examines a failure, its causes, and the failures suppressed into them. */
    private static boolean tellsOfCancellation(Throwable failure, boolean deadlinePassed, Set<Throwable> seen) {
        boolean cancellation = false;
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            for (Throwable suppressed : cause.getSuppressed()) {
                if (!seen.contains(suppressed) && !tellsOfCancellation(suppressed, deadlinePassed, seen)) {
                    return false;
                }
            }
            cancellation |= isCancellation(cause) || (deadlinePassed && isTimeOut(cause));
        }
        return cancellation;
    }

    private static boolean isTimeOut(Throwable failure) {
        return failure instanceof CancelledByTimeoutException || failure instanceof DeadlineExceededException;
    }

    private static boolean isCancellation(Throwable failure) {
        return Failures.isInterruption(failure) || failure instanceof CancellationException
                || failure instanceof NotJoinedException;
    }
}
