/**
 * Scopes around the exchanges of the JDK's own HTTP server.
 *
 * <p>An {@link dev.scopedcontext.http.ExchangeFilter} opens a scope for each exchange, such as a session of a named
 * context or a scope of locals, and ends it with the exchange.
 *
 * <p>See {@code docs/decisions/0014-scopes-of-requests.md} in the source.
 */
@NullMarked
package dev.scopedcontext.http;

import org.jspecify.annotations.NullMarked;
