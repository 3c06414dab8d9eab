package dev.scopedcontext.spring.servlet;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;

/**
 * Calls an opener once for each request. An error page gets the scope that the opener has returned for the request, so
 * that it has the same values, also if they are random or can no longer be read from the request. It gets none if the
 * opener was not reached or has thrown, so that the page can report that.
 */
final class ScopeOfRequest implements Function<HttpServletRequest, ScopeOpener> {

    private final RequestScopeOpener opener;

    /** The name of the attribute of the request that holds the scope. */
    private final String attribute;

    ScopeOfRequest(RequestScopeOpener opener, String name) {
        this.opener = opener;
        this.attribute = ScopeOfRequest.class.getName() + "." + name;
    }

    @Override
    public ScopeOpener apply(HttpServletRequest request) {
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            return request.getAttribute(attribute) instanceof ScopeOpener scope ? scope : ScopedContext.without();
        }
        ScopeOpener scope = requireNonNull(opener.open(request),
                () -> "The RequestScopeOpener " + opener
                        + " returned null: return ScopedContext.without() to open none");
        request.setAttribute(attribute, scope);
        return scope;
    }
}
