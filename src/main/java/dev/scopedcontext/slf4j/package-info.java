/**
 * Context in the log lines of SLF4J.
 *
 * <p>{@link dev.scopedcontext.slf4j.MdcMirror} shows the value of a key as an entry of the mapped diagnostic context.
 * {@link dev.scopedcontext.slf4j.MdcCarrier} carries all existing entries to the threads that the context is handed
 * over to.
 *
 * <p>See {@code docs/decisions/0007-carriers-and-mirrors.md} in the source.
 */
@NullMarked
package dev.scopedcontext.slf4j;

import org.jspecify.annotations.NullMarked;
