package dev.scopedcontext.spring.reactive;

/**
 * Tells the hooks of an exchange that it has failed with an exception that WebFlux does not disclose, since code of the
 * application has turned it into a response. It is never thrown.
 */
public final class HandledExceptionNotice extends Exception {

    private static final long serialVersionUID = 1;

    HandledExceptionNotice(String message) {
        super(message, null, true, false);
    }
}
