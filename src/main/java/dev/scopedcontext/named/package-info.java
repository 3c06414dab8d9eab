/**
 * Named contexts: containers of values and resources that belong together, such as {@code app} and {@code request}.
 *
 * <p>A {@link dev.scopedcontext.named.NamedContext} is declared once, with its keys and resources. A {@link
 * dev.scopedcontext.named.Session} enters it for a block of code. Resources are opened on first use and closed in
 * reverse order at the end of the session.
 *
 * <p>See {@code docs/decisions/0010-named-contexts.md} and {@code docs/decisions/0011-resources.md} in the source.
 */
@NullMarked
package dev.scopedcontext.named;

import org.jspecify.annotations.NullMarked;
