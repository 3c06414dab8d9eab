/**
 * Context locals: scratch space that belongs to the code which runs for a request, and starts anew for the
 * next. Set values by name in a {@link dev.scopedcontext.local.Local}, push them on a {@link
 * dev.scopedcontext.local.LocalStack}, and put a {@link dev.scopedcontext.local.LocalManager} around each
 * request.
 */
@NullMarked
package dev.scopedcontext.local;

import org.jspecify.annotations.NullMarked;
