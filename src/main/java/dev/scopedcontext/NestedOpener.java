package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.HeldScope;
import dev.scopedcontext.internal.OpenedScope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing to enter inside of another.
 *
 * @param outer what is entered first
 * @param inner gives, inside of that, what is entered then
 */
record NestedOpener(ScopeOpener outer, Supplier<? extends ScopeOpener> inner) implements ScopeOpener {

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        return outer.<R, X>call(() -> inner.get().<R, X>call(op));
    }

    @Override
    public OpenScope open() {
        OpenScope around = HeldScope.own(opened(outer));
        OpenScope[] both = {around};
        try {
            around.run(() -> both[0] = new NestedScope(around, HeldScope.own(opened(inner.get()))));
            return OpenScope.sharing(both[0]);
        } catch (Throwable failure) { // also of leaving the outer scope, when the inner one is open
            Failures.attempt(failure, () -> both[0].close(failure));
            throw failure;
        }
    }

    /** Opens a scope, and refuses null. */
    static OpenScope opened(ScopeOpener entered) {
        return OpenedScope.of(entered, entered.open());
    }

    /** Returns the description of what is entered first; the other is not known before. */
    @Override
    public String toString() {
        return outer + " and more inside";
    }
}
