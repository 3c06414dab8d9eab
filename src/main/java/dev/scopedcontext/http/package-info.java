/**
 * A scope around every exchange of the JDK's own HTTP server: {@link dev.scopedcontext.http.ExchangeFilter}.
 */
@NullMarked
package dev.scopedcontext.http;

import org.jspecify.annotations.NullMarked;
