package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** The steps that begin a scope, taken with the scope current: the lowest element of the stack of that scope. */
abstract class ScopeEntry extends ExitAction {

    /** How many calls deeper than their undoing the steps are taken. */
    private static final int DEEPER = 24;

    ScopeEntry() {
        super(null);
    }

    /**
     * Takes the steps further down the stack than they are undone. A step and its undoing need about as much stack, so
     * if the stack overflows, it does so in a step, and no undoing is lost.
     */
    final void enterDeeper() {
        enterDeeper(DEEPER);
    }

    private void enterDeeper(int calls) {
        if (calls == 0) {
            enter();
        } else {
            enterDeeper(calls - 1);
        }
    }

    /** Takes the steps. Each one pushes its undoing on the stack of the scope first. */
    abstract void enter();

    @Override
    void settle(@Nullable Throwable failure) {
    }
}
