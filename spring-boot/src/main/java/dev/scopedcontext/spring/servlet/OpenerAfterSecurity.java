package dev.scopedcontext.spring.servlet;

import dev.scopedcontext.ScopeOpener;
import jakarta.servlet.http.HttpServletRequest;

/**
 * An opener that is called after Spring Security has identified the user.
 *
 * @param opener the opener that supplies the scopes
 */
record OpenerAfterSecurity(RequestScopeOpener opener) implements RequestScopeOpener {

    @Override
    public ScopeOpener open(HttpServletRequest request) {
        return opener.open(request);
    }

    @Override
    public boolean isAfterSecurity() {
        return true;
    }

    @Override
    public String toString() {
        return opener.toString();
    }
}
