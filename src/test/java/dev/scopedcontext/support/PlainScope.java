package dev.scopedcontext.support;

import java.util.concurrent.Callable;

/** A {@code StructuredTaskScope} of the JDK's own, from JDK 25 on, called by reflection since it is a preview. */
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
