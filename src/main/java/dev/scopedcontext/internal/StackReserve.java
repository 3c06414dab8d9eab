package dev.scopedcontext.internal;

/**
 * Ensures that enough stack is left for a later call. An operation that its caller ends by a separate call, such as
 * {@code close()}, cannot handle a stack overflow of that call. It overflows at its beginning instead, before it has
 * changed anything.
 */
public final class StackReserve {

    private StackReserve() {
    }

    /**
     * Overflows the stack if it has no room for a number of calls.
     *
     * @param calls the number of nested calls of this method that must fit
     * @return the same number
     */
    public static int ensure(int calls) {
        return calls == 0 ? 0 : ensure(calls - 1) + 1;
    }
}
