package dev.scopedcontext;

import dev.scopedcontext.internal.StackReserve;
import org.jspecify.annotations.Nullable;

/** The steps that begin a scope, taken with the scope current: the lowest element of the stack of that scope. */
abstract class ScopeEntry extends ExitAction {

    /** Stack for undoing a step, which may need more than the step: none may be lost. */
    private static final int RESERVED = 96;

    ScopeEntry() {
        super(null);
    }

    /** Takes the steps if the stack has room for their undoing. */
    final void enterReserving() {
        StackReserve.ensure(RESERVED);
        enter();
    }

    /** Takes the steps. Each one pushes its undoing on the stack of the scope first. */
    abstract void enter();

    @Override
    void settle(@Nullable Throwable failure) {
    }
}
