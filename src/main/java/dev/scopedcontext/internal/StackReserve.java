package dev.scopedcontext.internal;

/**
 * Makes sure that there is stack left for a later call. Code whose end is a call of its user cannot catch an overflow
 * of that call, so it overflows at its beginning instead, before it has changed anything.
 */
public final class StackReserve {

    private StackReserve() {
    }

    /**
     * Overflows the stack if it has no room for some calls.
     *
     * @param calls how many calls of this method must fit, one inside the other
     * @return the same number
     */
    public static int ensure(int calls) {
        return calls == 0 ? 0 : ensure(calls - 1) + 1;
    }
}
