/**
 * Opens scopes around the exchanges of a WebFlux application: beans of {@link ExchangeScopeOpener} and {@link
 * PrincipalScopeOpener} say which, and the context travels with the stream.
 */
@NullMarked
package dev.scopedcontext.spring.reactive;

import org.jspecify.annotations.NullMarked;
