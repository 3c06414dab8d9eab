package dev.scopedcontext.baggage;

/**
 * How much baggage a message may have.
 *
 * @param members how many members
 * @param bytes how many bytes, all headers taken together, and the commas between them
 */
record Limits(int members, int bytes) {

    /** What the standard asks of everyone: https://www.w3.org/TR/baggage/#limits. */
    static final Limits STANDARD = new Limits(64, 8192);

    Limits {
        if (members < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "limits(" + members + ", " + bytes + "): at least one member and one byte must be allowed");
        }
    }
}
