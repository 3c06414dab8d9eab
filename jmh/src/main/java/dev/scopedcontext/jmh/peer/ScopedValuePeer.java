package dev.scopedcontext.jmh.peer;

/** The JDK's own {@code ScopedValue}, which this JDK does not have. */
final class ScopedValuePeer extends Peer {

    static Peer create() {
        return new ScopedValuePeer();
    }

    static Peer inExecutor() {
        return create();
    }
}
