/**
 * Lets Micrometer's context propagation, and with it Reactor, carry the context.
 *
 * <p>{@code MicrometerContextAutoConfiguration} registers the accessor of the library.
 */
@NullMarked
package dev.scopedcontext.spring.micrometer;

import org.jspecify.annotations.NullMarked;
