/**
 * Context in streams of Reactor, without Micrometer.
 *
 * <p>{@link dev.scopedcontext.reactor.ReactorContexts#writing} writes a captured context into Reactor's own {@code
 * Context}. {@link dev.scopedcontext.reactor.ReactorContexts#restoring} makes it current for operators.
 *
 * <p>See {@code docs/decisions/0016-bridges.md} in the source.
 */
@NullMarked
package dev.scopedcontext.reactor;

import org.jspecify.annotations.NullMarked;
