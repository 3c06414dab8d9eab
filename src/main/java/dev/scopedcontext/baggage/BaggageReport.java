package dev.scopedcontext.baggage;

/**
 * The counts of baggage that was left out, as returned by {@link ContextBaggage#report()} for use as metrics. None of
 * them is an error of a request. Instances are immutable and thread-safe.
 *
 * @param malformed incoming members and headers in an invalid format
 * @param beyondLimits incoming and outgoing messages of which a part was left out because of the limits
 * @param unreadable incoming values that their function could not read
 * @param unwritable outgoing values for a header of their own with characters that are not allowed in headers
 */
public record BaggageReport(long malformed, long beyondLimits, long unreadable, long unwritable) {
}
