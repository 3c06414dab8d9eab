/**
 * Opens scopes around the requests of a servlet application: beans of {@link RequestScopeOpener} say which, and
 * exceptions that were turned into responses reach their hooks.
 */
@NullMarked
package dev.scopedcontext.spring.servlet;

import org.jspecify.annotations.NullMarked;
