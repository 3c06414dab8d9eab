/**
 * A scope around every request of a servlet container, asynchronous ones included: {@link
 * dev.scopedcontext.servlet.RequestFilter}.
 *
 * <p>See {@code docs/decisions/0014-scopes-of-requests.md} in the source.
 */
@NullMarked
package dev.scopedcontext.servlet;

import org.jspecify.annotations.NullMarked;
