/**
 * Scopes around the requests of a servlet container.
 *
 * <p>A {@link dev.scopedcontext.servlet.RequestFilter} opens a scope for each request, such as a session of a named
 * context or a scope of locals. The scope of an asynchronous request stays open until the request is complete.
 */
@NullMarked
package dev.scopedcontext.servlet;

import org.jspecify.annotations.NullMarked;
