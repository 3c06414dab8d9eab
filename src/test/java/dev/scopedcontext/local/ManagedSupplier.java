package dev.scopedcontext.local;

import java.util.function.Function;
import java.util.function.Supplier;

/** A managed function without an argument. */
final class ManagedSupplier {

    private ManagedSupplier() {
    }

    static <T> Supplier<T> of(LocalManager manager, Supplier<T> supplier) {
        Function<String, T> function = manager.managedFunction(argument -> supplier.get());
        return () -> function.apply("argument");
    }
}
