/**
 * Context values for the code that runs for a request, on platform threads and virtual threads.
 *
 * <p>Bind values with {@link dev.scopedcontext.ScopedContext#where}, read them with {@link
 * dev.scopedcontext.ContextKey#get}, and hand them over to other threads with {@link
 * dev.scopedcontext.ScopedContext#capture()}.
 *
 * <p>See {@code docs/design.md} in the source, and the decisions from {@code
 * docs/decisions/0001-one-slot-and-one-frame.md} to {@code docs/decisions/0007-carriers-and-mirrors.md}.
 */
@NullMarked
package dev.scopedcontext;

import org.jspecify.annotations.NullMarked;
