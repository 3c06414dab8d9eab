package dev.scopedcontext.proxy;

/** A way to make proxies. All proxies behave the same. */
interface ProxyForm {

    /**
     * Makes a proxy.
     *
     * @throws IllegalArgumentException if the type cannot be proxied; the message states the reason
     */
    <T> T make(Class<T> type, Target target);
}
