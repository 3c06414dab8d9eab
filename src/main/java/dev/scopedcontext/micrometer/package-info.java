/**
 * A bridge to Micrometer's context propagation, in both directions.
 *
 * <p>{@link dev.scopedcontext.micrometer.MicrometerCarrier} carries the state that Micrometer propagates when this
 * library hands context over. {@link dev.scopedcontext.micrometer.ScopedContextAccessor} lets Micrometer, and therefore
 * Reactor, carry the context of this library.
 *
 * <p>See {@code docs/decisions/0016-bridges.md} in the source.
 */
@NullMarked
package dev.scopedcontext.micrometer;

import org.jspecify.annotations.NullMarked;
