/**
 * Hands spans over with context: {@link dev.scopedcontext.opentelemetry.OpenTelemetryCarrier} carries OpenTelemetry's
 * current context, and {@link dev.scopedcontext.opentelemetry.ScopedContextStorageProvider} stores it in the context of
 * this library.
 *
 * <p>See {@code docs/decisions/0016-bridges.md} in the source.
 */
@NullMarked
package dev.scopedcontext.opentelemetry;

import org.jspecify.annotations.NullMarked;
