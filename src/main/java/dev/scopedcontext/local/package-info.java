/**
 * Context locals: scratch space for the code that runs for a request, which starts empty for each request. Set values
 * by name in a {@link dev.scopedcontext.local.Local}, push them on a {@link dev.scopedcontext.local.LocalStack}, and
 * run each request in a {@link dev.scopedcontext.local.LocalManager}.
 *
 * <p>See {@code docs/decisions/0013-locals.md} in the source.
 */
@NullMarked
package dev.scopedcontext.local;

import org.jspecify.annotations.NullMarked;
