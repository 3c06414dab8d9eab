package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** The steps that begin a scope, taken with the scope current: the lowest element of the stack of that scope. */
abstract class ScopeEntry extends ExitAction {

    ScopeEntry() {
        super(null);
    }

    /** Takes the steps. Each one pushes its undoing on the stack of the scope first. */
    abstract void enter();

    @Override
    void settle(@Nullable Throwable failure) {
    }
}
