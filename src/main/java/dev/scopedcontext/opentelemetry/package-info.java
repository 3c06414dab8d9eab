/**
 * Has spans follow our hand-offs: {@link dev.scopedcontext.opentelemetry.OpenTelemetryCarrier} takes
 * OpenTelemetry's current context along, {@link dev.scopedcontext.opentelemetry.ScopedContextStorageProvider}
 * keeps it in ours altogether.
 */
@NullMarked
package dev.scopedcontext.opentelemetry;

import org.jspecify.annotations.NullMarked;
