package dev.scopedcontext.jmh.peer;

/** Peers without bindings, whose values are set before a {@code try} block and restored after it. */
abstract class SetAndRemoved extends Peer {
    private final Runnable reading = this::read;
    private Object read;

    /**
     * Uses a body that is created once. When inlined, it is the code that one writes without a lambda. Eight keys are
     * set four by four, with a lambda between them, as in {@code run}.
     */
    @Override
    public final Object attach(int keys, Object value) {
        run(keys, value, reading);
        return read;
    }

    private void read() {
        read = get();
    }
}
