package dev.scopedcontext.jmh.peer;

import java.util.stream.Stream;
import reactor.util.context.Context;

/** Reactor's {@code Context}. There is no current one: code that reads it has a reference, here in a field. */
final class ReactorPeer extends Peer {
    private static final Object[] ALL = Stream.generate(Object::new).limit(KEYS).toArray();
    private static final Object A = ALL[0];
    private static final Object B = ALL[1];
    private static final Object C = ALL[2];
    private static final Object D = ALL[3];

    private Context inHand = Context.empty();

    static Peer create() {
        return new ReactorPeer();
    }

    @Override
    public Object get() {
        return inHand.get(A);
    }

    @Override
    public Object get(int key) {
        return inHand.get(ALL[key]);
    }

    @Override
    public Object absentOrElse(int key, Object other) {
        return inHand.getOrDefault(ALL[key], other);
    }

    @Override
    public void run(int keys, Object value, Runnable body) {
        run(bind(keys, value), body);
    }

    @Override
    public void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            run(inHand.put(ALL[levels - 1], value), () -> nest(levels - 1, value, body));
        }
    }

    @Override
    public Object capture() {
        return inHand;
    }

    private void run(Context inner, Runnable body) {
        Context outer = inHand;
        inHand = inner;
        try {
            body.run();
        } finally {
            inHand = outer;
        }
    }

    private static Context bind(int keys, Object value) {
        return switch (keys) {
            case 1 -> Context.of(A, value);
            case 2 -> Context.of(A, value, B, value);
            case 4 -> Context.of(A, value, B, value, C, value, D, value);
            default -> many(keys, value);
        };
    }

    /** Puts all values in one step, as its documentation recommends for more than five. */
    private static Context many(int keys, Object value) {
        java.util.Map<Object, Object> all = new java.util.HashMap<>();
        for (int i = 0; i < keys; i++) {
            all.put(ALL[i], value);
        }
        return Context.of(all);
    }
}
