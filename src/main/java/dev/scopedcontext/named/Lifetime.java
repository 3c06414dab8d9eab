package dev.scopedcontext.named;

/** The progress of the end of a session, or of a task in one. Thread-safe. */
final class Lifetime {

    private enum State {
        OPEN, CLOSING, ENDED
    }

    private volatile State state = State.OPEN;

    /** Returns whether resources can be opened. Those that are open can be used until the end. */
    boolean canOpen() {
        return state == State.OPEN;
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    void beginToEnd() {
        state = State.CLOSING;
    }

    void end() {
        state = State.ENDED;
    }
}
