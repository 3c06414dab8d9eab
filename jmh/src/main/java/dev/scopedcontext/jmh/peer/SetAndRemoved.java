package dev.scopedcontext.jmh.peer;

/** Peers that have no binding of their own: by hand one sets, tries, and at last puts back what was there. */
abstract class SetAndRemoved extends Peer {
    private final Runnable reading = this::read;
    private Object read;

    /**
     * By a body that is made once: inlined, it is what one writes without a lambda. Eight keys are set four by four,
     * with a lambda between them, as they are to run.
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
