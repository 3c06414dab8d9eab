package dev.scopedcontext.jmh;

import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** The JDK's own {@code ScopedValue}, used as one would by hand: one for each key. */
final class RawScopedValue {
    private static final ScopedValue<Object> A = ScopedValue.newInstance();
    private static final ScopedValue<Object> B = ScopedValue.newInstance();
    private static final ScopedValue<Object> C = ScopedValue.newInstance();
    private static final ScopedValue<Object> D = ScopedValue.newInstance();
    private static final ScopedValue<Object> E = ScopedValue.newInstance();
    private static final ScopedValue<Object> F = ScopedValue.newInstance();
    private static final ScopedValue<Object> G = ScopedValue.newInstance();
    private static final ScopedValue<Object> H = ScopedValue.newInstance();
    private static final ScopedValue<Object> ABSENT = ScopedValue.newInstance();

    @SuppressWarnings("unchecked")
    private static final ScopedValue<Object>[] MANY = Stream.generate(ScopedValue::newInstance).limit(32)
            .toArray(ScopedValue[]::new);

    private RawScopedValue() {
    }

    static Object get() {
        return A.get();
    }

    static Object absentOrElse(Object other) {
        return ABSENT.orElse(other);
    }

    static Object get(int key) {
        return MANY[key].get();
    }

    static void runMany(int keys, Object value, Runnable body) {
        ScopedValue.Carrier bindings = ScopedValue.where(MANY[0], value);
        for (int i = 1; i < keys; i++) {
            bindings = bindings.where(MANY[i], value);
        }
        bindings.run(body);
    }

    static void run(int keys, Object value, Runnable body) {
        switch (keys) {
            case 1 -> ScopedValue.where(A, value).run(body);
            case 4 -> ScopedValue.where(A, value).where(B, value).where(C, value).where(D, value).run(body);
            default -> ScopedValue.where(A, value).where(B, value).where(C, value).where(D, value)
                    .where(E, value).where(F, value).where(G, value).where(H, value).run(body);
        }
    }

    static <R> R call(int keys, Object value, Callable<R> body) throws Exception {
        return switch (keys) {
            case 1 -> ScopedValue.where(A, value).call(body::call);
            case 4 -> ScopedValue.where(A, value).where(B, value).where(C, value).where(D, value).call(body::call);
            default -> ScopedValue.where(A, value).where(B, value).where(C, value).where(D, value)
                    .where(E, value).where(F, value).where(G, value).where(H, value).call(body::call);
        };
    }

    /** Binds as many keys, one inside the other. */
    static void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            ScopedValue.where(MANY[levels - 1], value).run(() -> nest(levels - 1, value, body));
        }
    }

    /** Captures four keys. */
    static Object capture() {
        return new Captured(A.get(), B.get(), C.get(), D.get());
    }

    /** Wraps with four keys. */
    static Runnable wrap(Runnable task) {
        Object a = A.get();
        Object b = B.get();
        Object c = C.get();
        Object d = D.get();
        return () -> ScopedValue.where(A, a).where(B, b).where(C, c).where(D, d).run(task);
    }

    private record Captured(Object a, Object b, Object c, Object d) {
    }
}
