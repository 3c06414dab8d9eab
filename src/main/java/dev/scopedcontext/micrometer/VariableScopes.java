package dev.scopedcontext.micrometer;

import dev.scopedcontext.internal.Failures;
import io.micrometer.context.ContextSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scopes of the variables of other libraries that a snapshot of Micrometer has set. Each variable is set
 * separately, since Micrometer stops at the first accessor that throws, and the previous values would stay on the
 * thread.
 */
final class VariableScopes {

    private final List<ContextSnapshot.Scope> set = new ArrayList<>();

    VariableScopes(ContextSnapshot snapshot) {
        try {
            for (Object key : keysOfOthers(snapshot)) {
                set.add(snapshot.setThreadLocals(key::equals));
            }
        } catch (Throwable failure) {
            setBack(failure);
            throw failure;
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // nothing is set
    private static List<Object> keysOfOthers(ContextSnapshot snapshot) {
        List<Object> keys = new ArrayList<>();
        snapshot.setThreadLocals(key -> {
            if (!key.equals(ScopedContextAccessor.KEY)) {
                keys.add(key);
            }
            return false;
        });
        return keys;
    }

    /** Sets all variables back in reverse order, and then throws the first failure, if any. */
    void setBack() {
        Failures.throwIfAny(setBack(null));
    }

    private @Nullable Throwable setBack(@Nullable Throwable failure) {
        Throwable first = failure;
        for (int i = set.size() - 1; i >= 0; i--) {
            first = Failures.attempt(first, set.get(i));
        }
        return first;
    }
}
