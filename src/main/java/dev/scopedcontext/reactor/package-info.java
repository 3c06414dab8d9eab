/**
 * Takes our context through the streams of Reactor in Reactor's own {@code Context}, without Micrometer:
 * written into it by {@link dev.scopedcontext.reactor.ReactorContexts#writing}, and put in place for operators
 * by {@link dev.scopedcontext.reactor.ReactorContexts#restoring}.
 */
@NullMarked
package dev.scopedcontext.reactor;

import org.jspecify.annotations.NullMarked;
