/** The keys, the scopes that bind them, and the ways to hand bindings over to other threads. */
@NullMarked
package dev.scopedcontext;

import org.jspecify.annotations.NullMarked;
