package dev.scopedcontext;

/** The hand-offs that the engine recognizes, since they need no call. */
enum StandardHandOff implements HandOff<Object> {

    /** Hands over the value unchanged. */
    INHERIT,
    /** Leaves the key unbound. */
    DROP
}
