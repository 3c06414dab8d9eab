package dev.scopedcontext.proxy;

import dev.scopedcontext.UnboundContextException;
import org.jspecify.annotations.Nullable;

/** The object that a {@link ProxySource} returns. */
final class SourceTarget extends Target {

    private final ProxySource<?> source;

    SourceTarget(Class<?> type, ProxySource<?> source, @Nullable String unboundMessage) {
        super(type, source, unboundMessage);
        this.source = source;
    }

    @Override
    public Object get() {
        try {
            return present(source.get());
        } catch (UnboundContextException unbound) {
            // If a value is bound, the exception has another cause.
            throw source.isBound() ? unbound : explained(unbound);
        }
    }

    @Override
    @Nullable
    Object orNull() {
        try {
            return source.isOpen() ? source.get() : null;
        } catch (UnboundContextException unbound) {
            if (source.isBound()) {
                throw unbound;
            }
            return null; // another thread has ended the session
        }
    }

    @Override
    boolean isUnopened() {
        return source.isBound() && !source.isOpen();
    }

    @Override
    boolean isBound() {
        return source.isBound();
    }
}
