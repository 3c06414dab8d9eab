/**
 * Context locals: values that code can set at any time while a request runs, and that start empty for each request.
 *
 * <p>Set values by name in a {@link dev.scopedcontext.local.Local}, or push them on a {@link
 * dev.scopedcontext.local.LocalStack}. Run each request in a scope of a {@link dev.scopedcontext.local.LocalManager}.
 *
 * <p>See {@code docs/decisions/0013-locals.md} in the source.
 */
@NullMarked
package dev.scopedcontext.local;

import org.jspecify.annotations.NullMarked;
