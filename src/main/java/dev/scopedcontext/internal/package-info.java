/** Code that several packages of this library share. The package is not exported. */
@NullMarked
package dev.scopedcontext.internal;

import org.jspecify.annotations.NullMarked;
