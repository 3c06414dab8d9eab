package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An action to run when a scope, or an attachment in it, ends: an element of the stack of a {@link Scope}. */
abstract class ExitAction {

    /** The element below this on the stack, which is settled after it. Set before this is on the stack. */
    @Nullable
    ExitAction next;

    ExitAction(@Nullable ExitAction next) {
        this.next = next;
    }

    /**
     * Runs the action.
     *
     * @param failure the failure that the scope ends with, if it has one so far
     */
    abstract void settle(@Nullable Throwable failure);

    /** Tells whether this is an anchor, which stays in effect when an ambient attachment below it closes. */
    boolean isAnchor() {
        return false;
    }

    /** Tells whether this is an anchor that has nothing left to do. */
    boolean isReleased() {
        return false;
    }

    /** Notes that this is about to be settled. */
    void announceEnd() {
    }

    /** Tells the actions of a stack, down to a given one, that they are about to be settled. */
    static void announceEnd(@Nullable ExitAction top, @Nullable ExitAction until) {
        for (ExitAction action = top; action != until && action != null; action = action.next) {
            action.announceEnd();
        }
    }

    /**
     * Reports that the scope has ended before this attachment was closed.
     *
     * @param failure the failure of the scope, or null
     * @return the failure to throw, or null
     */
    @Nullable
    Throwable reportDropped(@Nullable Throwable failure) {
        return failure;
    }

    /**
     * The undoing of something outside, which is stored when that is done. This is on the stack before, because the
     * stack of the thread may overflow between the two.
     */
    static final class Undo extends ExitAction {

        @Nullable
        Runnable action;

        Undo(@Nullable ExitAction next) {
            super(next);
        }

        @Override
        void settle(@Nullable Throwable failure) {
            Runnable undo = action;
            if (undo != null) {
                undo.run();
            }
        }
    }

    /** A note that the scope, or the attachment below, has failed although its body returns. Nothing is to be run. */
    static final class Mark extends ExitAction {

        final Throwable failure;

        Mark(Throwable failure, @Nullable ExitAction next) {
            super(next);
            this.failure = failure;
        }

        /** Returns the mark so far, or an element that is about to be settled if that is one, such as of a hook. */
        static @Nullable Mark first(@Nullable Mark soFar, ExitAction next) {
            if (soFar == null) {
                return next instanceof Mark mark ? mark : null;
            }
            if (next instanceof Mark later) {
                Failures.add(soFar.failure, later.failure);
            }
            return soFar;
        }

        /** Returns a failure that is thrown, with the mark suppressed into it, or null. */
        static @Nullable Throwable addTo(@Nullable Throwable thrown, @Nullable Mark mark) {
            return thrown == null || mark == null ? thrown : Failures.addUnlessAround(thrown, mark.failure);
        }

        @Override
        void settle(@Nullable Throwable unused) {
        }
    }

    /** A callback to run. */
    static final class Hook extends ExitAction {

        private final Consumer<? super @Nullable Throwable> hook;

        Hook(Consumer<? super @Nullable Throwable> hook, @Nullable ExitAction next) {
            super(next);
            this.hook = hook;
        }

        @Override
        void settle(@Nullable Throwable failure) {
            hook.accept(failure);
        }
    }
}
