/**
 * Proxies that forward each call to the object that is bound at that time.
 *
 * <p>A proxy is stored in a static field, or injected once, by code that needs an object and not a key. {@link
 * dev.scopedcontext.proxy.ContextProxies} creates proxies. {@link dev.scopedcontext.proxy.ProxySource} connects them
 * with keys of your own.
 *
 * <p>See {@code docs/decisions/0012-proxies.md} in the source.
 */
@NullMarked
package dev.scopedcontext.proxy;

import org.jspecify.annotations.NullMarked;
