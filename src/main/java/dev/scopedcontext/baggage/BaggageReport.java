package dev.scopedcontext.baggage;

/**
 * The counts of baggage that was left out, returned by {@link ContextBaggage#report()} for use as metrics. None of them
 * is an error of a request.
 *
 * @param malformed incoming members and headers in an invalid format
 * @param beyondLimits incoming and outgoing messages of which a part was left out because of the limits
 * @param unreadable incoming values that their function refused to read
 * @param unwritable outgoing values for a header of their own with characters that no header may have
 */
public record BaggageReport(long malformed, long beyondLimits, long unreadable, long unwritable) {
}
