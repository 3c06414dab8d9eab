package dev.scopedcontext;

/** The hand-offs that the engine applies without a call. */
enum StandardHandOff implements HandOff<Object> {

    /** Hands over the value unchanged. */
    INHERIT,
    /** Leaves the key unbound. */
    DROP
}
