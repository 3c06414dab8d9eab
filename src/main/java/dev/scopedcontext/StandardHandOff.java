package dev.scopedcontext;

/** The hand-offs that the engine applies without a call. */
enum StandardHandOff implements HandOff<Object> {

    /** Hands over the value unchanged. */
    INHERIT,
    /** The hand-off of a key that was given none, which does the same. */
    UNSTATED,
    /** Leaves the key unbound. */
    DROP
}
