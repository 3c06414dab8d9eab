/**
 * Hands the current span of OpenTelemetry over together with the context.
 *
 * <p>{@link dev.scopedcontext.opentelemetry.OpenTelemetryCarrier} carries OpenTelemetry's current context along. {@link
 * dev.scopedcontext.opentelemetry.ScopedContextStorageProvider} stores it in the context of this library instead.
 *
 * <p>See {@code docs/decisions/0016-bridges.md} in the source.
 */
@NullMarked
package dev.scopedcontext.opentelemetry;

import org.jspecify.annotations.NullMarked;
