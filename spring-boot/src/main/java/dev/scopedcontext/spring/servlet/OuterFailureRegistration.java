package dev.scopedcontext.spring.servlet;

import static jakarta.servlet.DispatcherType.ASYNC;
import static jakarta.servlet.DispatcherType.ERROR;
import static jakarta.servlet.DispatcherType.REQUEST;

import jakarta.servlet.FilterRegistration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** Registers the filter that marks outer scopes, just inside of them. */
final class OuterFailureRegistration extends FilterRegistrationBean<OuterFailureFilter> {

    private final boolean hasInnerScopes;

    private OuterFailureRegistration(boolean hasInnerScopes) {
        super(new OuterFailureFilter());
        this.hasInnerScopes = hasInnerScopes;
    }

    static OuterFailureRegistration of(int order, boolean hasInnerScopes) {
        OuterFailureRegistration registration = new OuterFailureRegistration(hasInnerScopes);
        registration.setName("scopedContextOuterFailure");
        registration.setOrder(order);
        registration.setDispatcherTypes(REQUEST, ASYNC, ERROR);
        return registration;
    }

    /** Maps the filter to requests if it is needed. A mark of the only scope is not lost. */
    @Override
    protected void configure(FilterRegistration.Dynamic registration) {
        if (hasInnerScopes) {
            super.configure(registration);
        }
    }
}
