package dev.scopedcontext.proxy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.UnboundContextException;
import org.jspecify.annotations.Nullable;

/** The value that is bound to a key, or else its default. */
final class KeyTarget extends Target {

    private final ContextKey<?> key;
    private final boolean hasDefault;

    KeyTarget(Class<?> type, ContextKey<?> key, @Nullable String unboundMessage) {
        super(type, key, unboundMessage);
        this.key = key;
        this.hasDefault = hasDefault(key);
    }

    private static boolean hasDefault(ContextKey<?> key) {
        try {
            ContextSnapshot.empty().get(key);
            return true;
        } catch (UnboundContextException none) {
            return false;
        }
    }

    @Override
    public Object get() {
        try {
            return present(key.get());
        } catch (UnboundContextException unbound) {
            throw explained(unbound);
        }
    }

    @Override
    @Nullable
    Object orNull() {
        return hasDefault ? key.get() : key.orElse(null);
    }

    @Override
    boolean isBound() {
        return (hasDefault || key.isBound()) && isReached(orNull());
    }
}
