package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.HeldScope;
import dev.scopedcontext.internal.OpenedScope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Two openers, of which the second is entered inside the first.
 *
 * @param outer the opener that is entered first
 * @param inner supplies the second opener, inside the first
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
        } catch (Throwable failure) { // may also come from leaving the outer scope, when the inner one is open
            Failures.attempt(failure, () -> both[0].close(failure));
            throw failure;
        }
    }

    /** Opens a scope. Throws {@code NullPointerException} if the opener returns null. */
    static OpenScope opened(ScopeOpener entered) {
        return OpenedScope.of(entered, entered.open());
    }

    /** Returns the description of the outer opener. The inner one is not known in advance. */
    @Override
    public String toString() {
        return outer + " and more inside";
    }
}
