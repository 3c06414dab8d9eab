/**
 * Context across processes, in the headers of requests, as specified by the W3C's <a
 * href="https://www.w3.org/TR/baggage/">Baggage</a>.
 *
 * <p>A {@link dev.scopedcontext.baggage.ContextBaggage} declares the keys that travel. The sender of a request writes
 * their values into its headers, and the receiver binds them again.
 *
 * <p>See {@code docs/decisions/0015-baggage.md} in the source.
 */
@NullMarked
package dev.scopedcontext.baggage;

import org.jspecify.annotations.NullMarked;
