package dev.scopedcontext.support;

import java.util.concurrent.Callable;

/** The JDK's own {@code StructuredTaskScope}, on JDK 25 and newer. Called by reflection, since it is a preview API. */
public final class PlainScope implements AutoCloseable {

    private static final Class<?> TYPE = Reflected.type("java.util.concurrent.StructuredTaskScope");

    private final Object scope = Reflected.invoke(Reflected.method(TYPE, "open"), null);

    public void fork(Callable<?> task) {
        Reflected.invoke(Reflected.method(TYPE, "fork", Callable.class), scope, task);
    }

    public void join() {
        Reflected.invoke(Reflected.method(TYPE, "join"), scope);
    }

    @Override
    public void close() {
        Reflected.invoke(Reflected.method(TYPE, "close"), scope);
    }
}
