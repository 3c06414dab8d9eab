/**
 * Spring Security: keeps the security context in the context of this library, from where it is handed over to other
 * threads as a copy.
 */
@NullMarked
package dev.scopedcontext.spring.security;

import org.jspecify.annotations.NullMarked;
