package dev.scopedcontext.spring.bean;

import java.io.Serial;
import org.springframework.beans.factory.support.ScopeNotActiveException;

/** Thrown if a bean is used outside of all sessions of its context. Spring's own message would not name a remedy. */
final class SessionNotActiveException extends ScopeNotActiveException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String message;

    SessionNotActiveException(String bean, String scope, RuntimeException unbound) {
        super(bean, scope, new IllegalStateException(unbound.getMessage(), unbound));
        this.message = "Bean '" + bean + "' cannot be used here. " + unbound.getMessage();
    }

    @Override
    public String getMessage() {
        return message;
    }
}
