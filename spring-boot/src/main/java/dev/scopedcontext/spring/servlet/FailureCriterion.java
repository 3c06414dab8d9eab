package dev.scopedcontext.spring.servlet;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Decides whether an exception that Spring MVC turns into a response is a failure of the request. Without a bean of
 * this type, each exception is one: the exit hooks of the request receive it, and a transaction hook rolls back.
 *
 * {@snippet class="dev.scopedcontext.spring.servlet.ServletSnippetsTest" region="criterion"}
 *
 * <p>If there are several beans, an exception is a failure if each of them says so. An exception that is not turned
 * into a response always fails the request. To ignore all others, set the property {@code
 * scopedcontext.servlet.mark-failures} to false.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface FailureCriterion {

    /**
     * Returns whether an exception is a failure of the request.
     *
     * @param exception the exception of a controller, or of an asynchronous result
     * @param request the request
     * @return true if exit hooks are to receive the exception
     */
    boolean isFailure(Exception exception, HttpServletRequest request);
}
