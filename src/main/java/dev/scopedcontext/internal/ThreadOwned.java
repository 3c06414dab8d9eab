package dev.scopedcontext.internal;

/** A scope in which some values belong to the thread that opened it. */
public interface ThreadOwned {

    /** Transfers the values of the thread that opened this scope to the calling thread, which ends it. */
    void takeOver();

    /**
     * Takes over a scope if some of its values belong to the thread that opened it.
     *
     * @param scope a scope of any kind, which the calling thread ends
     */
    static void takeOver(Object scope) {
        if (scope instanceof ThreadOwned owned) {
            owned.takeOver();
        }
    }
}
