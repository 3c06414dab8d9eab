/**
 * Scopes around the exchanges of the JDK's own HTTP server.
 *
 * <p>An {@link dev.scopedcontext.http.ExchangeFilter} opens a scope for each exchange, such as a session of a named
 * context or a scope of locals, and ends it with the exchange.
 */
@NullMarked
package dev.scopedcontext.http;

import org.jspecify.annotations.NullMarked;
