package dev.scopedcontext.proxy;

/** Selects the form of new proxies: the best available one, unless a test sets another. */
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
