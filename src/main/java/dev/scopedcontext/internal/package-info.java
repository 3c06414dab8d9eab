/**
 * Code that several packages of this library share. Not exported: users cannot depend on it.
 *
 * <p>See {@code docs/design.md} in the source.
 */
@NullMarked
package dev.scopedcontext.internal;

import org.jspecify.annotations.NullMarked;
