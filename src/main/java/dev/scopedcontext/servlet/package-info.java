/**
 * Scopes around the requests of a servlet container.
 *
 * <p>A {@link dev.scopedcontext.servlet.RequestFilter} opens a scope for each request, such as a session of a named
 * context or a scope of locals. The scope of an asynchronous request stays open until the request is complete.
 *
 * <p>See {@code docs/decisions/0014-scopes-of-requests.md} in the source.
 */
@NullMarked
package dev.scopedcontext.servlet;

import org.jspecify.annotations.NullMarked;
