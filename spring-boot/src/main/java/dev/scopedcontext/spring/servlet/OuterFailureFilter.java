package dev.scopedcontext.spring.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/**
 * Marks the outer scopes of a request as failed if a filter inside them has turned the exception of a handler into a
 * response. Spring Security does so if a method refuses the user. The mark of the inner scopes then does not reach the
 * outer ones, since the inner scopes have ended with the exception.
 */
final class OuterFailureFilter implements Filter {

    private static final String ATTRIBUTE = OuterFailureFilter.class.getName();

    /** Records a failure that the innermost scope of a request was marked with. */
    static void record(ServletRequest request, Exception failure) {
        request.setAttribute(ATTRIBUTE, failure);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
            markRecorded(request);
        } finally {
            request.removeAttribute(ATTRIBUTE); // before an error page
        }
    }

    private static void markRecorded(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Exception failure) {
            FailureMarker.mark(failure);
        }
    }
}
