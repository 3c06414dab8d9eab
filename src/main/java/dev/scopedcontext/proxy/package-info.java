/**
 * Objects that stand for whatever is bound now: kept in a static field or injected once, each of their methods
 * is called on the object that is bound where it is called. Made by {@link
 * dev.scopedcontext.proxy.ContextProxies}.
 */
@NullMarked
package dev.scopedcontext.proxy;

import org.jspecify.annotations.NullMarked;
