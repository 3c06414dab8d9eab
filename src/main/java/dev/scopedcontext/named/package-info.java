/**
 * Named contexts: containers such as {@code app} and {@code request} of values and of resources that open
 * lazily and close in order, entered for a block of code with {@link dev.scopedcontext.named.NamedContext#session()}.
 *
 * <p>See {@code docs/decisions/0010-named-contexts.md} and {@code docs/decisions/0011-resources.md} in the source.
 */
@NullMarked
package dev.scopedcontext.named;

import org.jspecify.annotations.NullMarked;
