/**
 * Shows bound values in the log lines of SLF4J: {@link dev.scopedcontext.slf4j.MdcMirror} one value as one
 * entry of the mapped diagnostic context, {@link dev.scopedcontext.slf4j.MdcCarrier} all entries that are there
 * already, on whatever thread the context is handed to.
 */
@NullMarked
package dev.scopedcontext.slf4j;

import org.jspecify.annotations.NullMarked;
