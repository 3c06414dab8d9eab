package dev.scopedcontext.proxy;

/** The form that proxies are made in: the best there is, unless a test asks for one. */
final class ProxyForms {

    private static volatile ProxyForm current = new BestForm();

    private ProxyForms() {
    }

    static ProxyForm current() {
        return current;
    }

    static void use(ProxyForm form) {
        current = form;
    }
}
