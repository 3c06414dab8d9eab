/**
 * Code that several packages of this library share. The package is not exported.
 *
 * <p>See {@code docs/design.md} in the source.
 */
@NullMarked
package dev.scopedcontext.internal;

import org.jspecify.annotations.NullMarked;
