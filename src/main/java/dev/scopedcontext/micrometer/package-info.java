/**
 * Joins this library and Micrometer's context propagation: {@link
 * dev.scopedcontext.micrometer.MicrometerCarrier} takes what Micrometer propagates along with our hand-offs,
 * {@link dev.scopedcontext.micrometer.ScopedContextAccessor} takes our context along with Micrometer's, and so
 * with Reactor's.
 */
@NullMarked
package dev.scopedcontext.micrometer;

import org.jspecify.annotations.NullMarked;
