package dev.scopedcontext.baggage;

/**
 * How much was left out so far: the answer of {@link ContextBaggage#report()}, to be shown as metrics. Nothing of
 * this is an error of the request that it came with.
 *
 * @param malformed members and headers that arrived and were not in the format they must have
 * @param beyondLimits messages, arriving or leaving, of which something was left out because of the limits
 * @param unreadable values that arrived and were refused by the function that is to read them
 * @param unwritable values that were to leave in a header of their own, and that no header may have
 */
public record BaggageReport(long malformed, long beyondLimits, long unreadable, long unwritable) {
}
