/** Programs that bind one key, read it, and end, for {@link dev.scopedcontext.jmh.FirstUse}. */
package dev.scopedcontext.jmh.program;
