package dev.scopedcontext.proxy;

import dev.scopedcontext.UnboundContextException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The object that a supplier returns. */
final class SupplierTarget extends Target {

    private final Supplier<?> supplier;

    SupplierTarget(Class<?> type, Supplier<?> supplier, @Nullable String unboundMessage) {
        super(type, "a supplier", unboundMessage);
        this.supplier = supplier;
    }

    @Override
    public Object get() {
        try {
            return present(supplier.get());
        } catch (UnboundContextException unbound) {
            throw explained(unbound);
        }
    }

    @Override
    @Nullable
    Object orNull() {
        try {
            return supplier.get();
        } catch (UnboundContextException unbound) {
            return null;
        }
    }

    @Override
    boolean isBound() {
        try {
            return isReached(supplier.get());
        } catch (UnboundContextException unbound) {
            return false;
        }
    }
}
