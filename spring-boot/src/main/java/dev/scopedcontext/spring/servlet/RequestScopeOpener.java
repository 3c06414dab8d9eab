package dev.scopedcontext.spring.servlet;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ScopeOpener;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Supplies the scope of each request: bindings, a session of a named context, a manager of locals, or another {@link
 * ScopeOpener}. Declare beans of this type in a Spring Boot application. A servlet filter opens their scopes.
 *
 * {@snippet class="dev.scopedcontext.spring.servlet.ServletSnippetsTest" region="openers"}
 *
 * <p><b>Order.</b> The first bean by {@code @Order} supplies the outermost scope, and each of the others is called
 * inside the scopes of those before it. The filter is the outermost filter of the application, except for the one that
 * sets the encoding of parameters, unless the property {@code scopedcontext.servlet.order} sets another order. The
 * scopes are therefore open while other filters run, such as those of Spring Security, but the user of the request is
 * not known yet. Openers that are {@link #afterSecurity} are called inside Spring Security's filter, and inside all
 * other openers.
 *
 * <p><b>Calls.</b> An opener is called once per request, on the thread that begins it. The scope is open for all
 * dispatches of an asynchronous request. For an error page after the end of the scope, the filter opens the returned
 * {@code ScopeOpener} again, with the same values and a new session. Opening error pages can be switched off with the
 * property {@code scopedcontext.servlet.error-pages}. If the opener throws, the request fails with the exception.
 *
 * <p>Implementations must be thread-safe. {@link dev.scopedcontext.servlet.RequestFilter} specifies the rest.
 */
@FunctionalInterface
public interface RequestScopeOpener {

    /**
     * Returns the scope to open for a request.
     *
     * @param request the request
     * @return the scope, which has not been opened
     */
    ScopeOpener open(HttpServletRequest request);

    /**
     * Returns whether this opener is called after Spring Security has identified the user. A class may override this
     * method. A lambda is passed to {@link #afterSecurity} instead.
     *
     * @return false unless overridden
     */
    default boolean isAfterSecurity() {
        return false;
    }

    /**
     * Returns an opener that is called inside Spring Security's filter, in which {@code request.getUserPrincipal()}
     * returns the user. It is not called for requests that Spring Security refuses. Without Spring Security, it is
     * called at the same place of the filter chain.
     *
     * @param opener the opener
     * @return an opener that returns the same scopes
     */
    static RequestScopeOpener afterSecurity(RequestScopeOpener opener) {
        return new OpenerAfterSecurity(requireNonNull(opener, "opener"));
    }
}
