/**
 * Passes context through streams of Reactor in Reactor's own {@code Context}, without Micrometer: {@link
 * dev.scopedcontext.reactor.ReactorContexts#writing} writes it, and {@link
 * dev.scopedcontext.reactor.ReactorContexts#restoring} makes it current for operators.
 *
 * <p>See {@code docs/decisions/0016-bridges.md} in the source.
 */
@NullMarked
package dev.scopedcontext.reactor;

import org.jspecify.annotations.NullMarked;
