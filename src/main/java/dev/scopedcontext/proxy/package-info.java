/**
 * Proxies of the current value. A proxy is stored in a static field or injected once, and forwards each call to the
 * object that is bound at that time. Proxies are made by {@link dev.scopedcontext.proxy.ContextProxies}.
 *
 * <p>See {@code docs/decisions/0012-proxies.md} in the source.
 */
@NullMarked
package dev.scopedcontext.proxy;

import org.jspecify.annotations.NullMarked;
