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
    private int moreFailures;
    private int moreLate;

    /** The owner's alone: what was thrown, and where in it the failures are told. */
    private @Nullable Throwable thrown;
    private @Nullable Throwable reported;

    /** Takes a failure that the joiner is told of. */
    synchronized void add(Throwable failure) {
        if (failures.size() < KEPT) {
            failures.add(failure);
        } else {
            moreFailures++;
        }
    }

    /**
     * Takes a failure of a subtask that ended after the scope was cancelled, of which nobody is told. One that tells
     * of a deadline comes of the cancellation only if that of the scope has passed; else it is of the subtask's own.
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

    /** Forgets what the joiner was told of, since it returned normally. */
    synchronized void accept() {
        failures.clear();
        moreFailures = 0;
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
        for (Throwable failure : takeAll()) {
            if (told.stream().noneMatch(one -> one == failure)) {
                told.add(failure);
                suppress(failure, reported, thrown);
            }
        }
    }

    /** Suppresses a failure into the first of two that keeps it; an exception may be made so that it keeps none. */
    private static void suppress(Throwable failure, Throwable reported, Throwable thrown) {
        if (reported.getSuppressed().length < 2 * KEPT) { // an exception that is shared would grow for ever
            reported.addSuppressed(failure);
        }
        if (!keeps(reported, failure) && thrown != reported) {
            thrown.addSuppressed(failure);
        }
        if (!keeps(reported, failure) && !keeps(thrown, failure)) {
            Log.info("A subtask failed, which " + thrown + " keeps no place for", failure);
        }
    }

    private static boolean keeps(Throwable thrown, Throwable failure) {
        return Arrays.stream(thrown.getSuppressed()).anyMatch(kept -> kept == failure);
    }

    /** Returns all failures, the last of which tells of those that are left out, and forgets them. */
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

    /** Logs what is left, since there is nothing to suppress it into. */
    synchronized void report(Object scope) {
        for (Throwable failure : takeAll()) {
            Log.info("A subtask of " + scope + " failed, of which nobody was told: the scope was cancelled before. "
                    + failure,
                    failure);
        }
    }

    /** Tells whether a failure only reports that the scope was cancelled. One that cannot be examined does not. */
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
