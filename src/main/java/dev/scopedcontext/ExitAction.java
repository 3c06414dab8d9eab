package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An action to run at the end of a scope, or of an attachment in it, as an element of the stack of the {@link Scope}.
 */
abstract class ExitAction {

    /**
     * The element below this one on the stack, which is settled afterwards. Set before this element is on the stack.
     */
    @Nullable
    ExitAction next;

    ExitAction(@Nullable ExitAction next) {
        this.next = next;
    }

    /**
     * Runs the action.
     *
     * @param failure the failure of the scope so far, or null
     */
    abstract void settle(@Nullable Throwable failure);

    /** Returns whether this is an anchor, which stays in effect when an ambient attachment below it closes. */
    boolean isAnchor() {
        return false;
    }

    /** Returns whether this is a released anchor. */
    boolean isReleased() {
        return false;
    }

    /** Called when this action is about to be settled. */
    void announceEnd() {
    }

    /** Notifies the actions of a stack, down to a given one, that they are about to be settled. */
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
     * An action that undoes an external change. It is pushed before the change, and its {@code action} is set
     * afterwards, because the call stack of the thread may overflow between the two.
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

    /** A record that the scope, or the attachment below, has failed although its body returns. It runs no code. */
    static final class Mark extends ExitAction {

        final Throwable failure;

        Mark(Throwable failure, @Nullable ExitAction next) {
            super(next);
            this.failure = failure;
        }

        /** Returns the mark so far, or else the next element to settle if it is a mark. A hook may have added it. */
        static @Nullable Mark first(@Nullable Mark soFar, ExitAction next) {
            if (soFar == null) {
                return next instanceof Mark mark ? mark : null;
            }
            if (next instanceof Mark later) {
                Failures.addUnlessRelated(soFar.failure, later.failure);
            }
            return soFar;
        }

        /** Returns the thrown failure, with the mark suppressed into it, or null. */
        static @Nullable Throwable addTo(@Nullable Throwable thrown, @Nullable Mark mark) {
            return thrown == null || mark == null ? thrown : Failures.addUnlessRelated(thrown, mark.failure);
        }

        @Override
        void settle(@Nullable Throwable unused) {
        }
    }

    /** A hook that was registered for the end. */
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
