/**
 * Context over the wire: keys that are declared to travel are written into the headers of a request and bound
 * again where it arrives, by the W3C's text on <a href="https://www.w3.org/TR/baggage/">Baggage</a>. Declare
 * them with a {@link dev.scopedcontext.baggage.ContextBaggage}.
 *
 * <p>See {@code docs/decisions/0015-baggage.md} in the source.
 */
@NullMarked
package dev.scopedcontext.baggage;

import org.jspecify.annotations.NullMarked;
