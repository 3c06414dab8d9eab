/**
 * Sends the context with the requests of {@code RestClient}, {@code RestTemplate} and {@code WebClient}, as a bean of
 * {@link dev.scopedcontext.baggage.ContextBaggage} declares.
 */
@NullMarked
package dev.scopedcontext.spring.client;

import org.jspecify.annotations.NullMarked;
