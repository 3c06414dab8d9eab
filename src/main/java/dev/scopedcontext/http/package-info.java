/**
 * A scope around every exchange of the JDK's own HTTP server: {@link dev.scopedcontext.http.ExchangeFilter}.
 *
 * <p>See {@code docs/decisions/0014-scopes-of-requests.md} in the source.
 */
@NullMarked
package dev.scopedcontext.http;

import org.jspecify.annotations.NullMarked;
