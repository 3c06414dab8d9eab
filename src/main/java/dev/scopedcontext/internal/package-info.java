/** Code that several packages of this library share. Not exported: users cannot depend on it. */
@NullMarked
package dev.scopedcontext.internal;

import org.jspecify.annotations.NullMarked;
