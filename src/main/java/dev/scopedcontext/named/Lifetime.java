package dev.scopedcontext.named;

/** The progress of the end of a session, or of a task in one. Thread-safe. */
final class Lifetime {

    private volatile boolean ending;
    private volatile boolean ended;

    /** Returns whether resources can be opened. Those that are open can be used until they are closed. */
    boolean canOpen() {
        return !ending;
    }

    boolean hasEnded() {
        return ended;
    }

    void beginToEnd() {
        ending = true;
    }

    void end() {
        ended = true;
    }
}
