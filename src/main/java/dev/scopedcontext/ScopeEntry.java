package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** The steps that begin a scope, as the lowest element of its stack. They run while the scope is current. */
abstract class ScopeEntry extends ExitAction {

    /** The number of calls by which the steps run deeper than the actions that undo them. */
    private static final int DEEPER = 64;

    ScopeEntry() {
        super(null);
    }

    /**
     * Runs the steps deeper on the call stack than the actions that undo them. A step and its undo action need about
     * the same amount of stack, unless only one of them is compiled. If the stack overflows, it therefore overflows in
     * a step, and no undo action is lost.
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

    /** Runs the steps. Each one first pushes its undo action to the stack of the scope. */
    abstract void enter();

    @Override
    void settle(@Nullable Throwable failure) {
    }
}
