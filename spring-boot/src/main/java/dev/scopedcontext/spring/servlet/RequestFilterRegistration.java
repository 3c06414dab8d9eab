package dev.scopedcontext.spring.servlet;

import static jakarta.servlet.DispatcherType.ASYNC;
import static jakarta.servlet.DispatcherType.ERROR;
import static jakarta.servlet.DispatcherType.REQUEST;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.servlet.RequestFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import java.util.EnumSet;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** Registers one filter that opens the scopes of several openers. */
final class RequestFilterRegistration extends FilterRegistrationBean<RequestFilter> {

    private static final EnumSet<DispatcherType> TYPES = EnumSet.of(REQUEST, ASYNC, ERROR);

    private final boolean hasOpeners;

    private RequestFilterRegistration(String name, List<RequestScopeOpener> openers, boolean errorPages) {
        super(filter(name, openers, errorPages));
        this.hasOpeners = !openers.isEmpty();
    }

    /**
     * Returns a registration for all requests and their asynchronous dispatches and error pages.
     *
     * @param openers the openers, of which the first is the outermost
     */
    static RequestFilterRegistration of(String name, List<RequestScopeOpener> openers, int order, boolean errorPages) {
        RequestFilterRegistration registration = new RequestFilterRegistration(name, openers, errorPages);
        registration.setName(name);
        registration.setOrder(order);
        registration.setDispatcherTypes(TYPES);
        return registration;
    }

    private static RequestFilter filter(String name, List<RequestScopeOpener> openers, boolean errorPages) {
        RequestFilter filter = null;
        for (RequestScopeOpener opener : openers) {
            ScopeOfRequest scope = new ScopeOfRequest(opener, name + "." + openers.indexOf(opener));
            filter = filter == null ? RequestFilter.entering(scope) : filter.thenEntering(scope);
        }
        if (filter == null) {
            return RequestFilter.entering(request -> ScopedContext.without());
        }
        return errorPages ? filter.openingFor(ERROR) : filter;
    }

    /**
     * Maps the filter to requests if there are openers. A filter without a mapping costs nothing. A registration that
     * is disabled would log a line at each start.
     */
    @Override
    protected void configure(FilterRegistration.Dynamic registration) {
        if (hasOpeners) {
            super.configure(registration);
        }
    }
}
