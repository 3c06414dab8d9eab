/**
 * Context values for the code that runs for a request, on virtual threads and on the JDKs before them: bind
 * with {@link dev.scopedcontext.ScopedContext#where}, read with {@link dev.scopedcontext.ContextKey#get},
 * hand over with {@link dev.scopedcontext.ScopedContext#capture()}.
 */
@NullMarked
package dev.scopedcontext;

import org.jspecify.annotations.NullMarked;
