package dev.scopedcontext.internal;

/** A scope that keeps some of its values for the thread that opened it. */
public interface ThreadOwned {

    /** Gives the calling thread, which ends this scope, all that the scope keeps for the thread that opened it. */
    void takeOver();

    /**
     * Takes over a scope if it keeps anything for the thread that opened it.
     *
     * @param scope a scope of any kind, which the calling thread ends
     */
    static void takeOver(Object scope) {
        if (scope instanceof ThreadOwned owned) {
            owned.takeOver();
        }
    }
}
