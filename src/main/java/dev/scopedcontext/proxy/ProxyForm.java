package dev.scopedcontext.proxy;

/** A way to make proxies. All of them behave the same. */
interface ProxyForm {

    /**
     * Makes a proxy.
     *
     * @throws IllegalArgumentException if there can be no proxy of the type, saying why
     */
    <T> T make(Class<T> type, Target target);
}
