package dev.scopedcontext;

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
