package dev.scopedcontext.proxy;

/** A way to create proxies. Behaviour does not depend on the form. */
interface ProxyForm {

    /**
     * Creates a proxy.
     *
     * @throws IllegalArgumentException if the type cannot be proxied; the message states the reason
     */
    <T> T make(Class<T> type, Target target);
}
