package dev.scopedcontext.baggage;

/**
 * The limits of the baggage of a message.
 *
 * @param members the number of members
 * @param bytes the number of bytes of all headers together, with the commas between them
 */
record Limits(int members, int bytes) {

    /** The minimum that the standard requires: https://www.w3.org/TR/baggage/#limits. */
    static final Limits STANDARD = new Limits(64, 8192);

    Limits {
        if (members < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "limits(" + members + ", " + bytes + "): at least one member and one byte must be allowed");
        }
    }
}
