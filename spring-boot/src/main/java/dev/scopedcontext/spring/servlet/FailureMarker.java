package dev.scopedcontext.spring.servlet;

import dev.scopedcontext.ScopedContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Marks the scope of a request as failed before another resolver turns the exception into a response, which the filter
 * could not distinguish from that of a request that has not failed.
 */
final class FailureMarker implements HandlerExceptionResolver, Ordered {

    private static final Log LOG = LogFactory.getLog(FailureMarker.class);

    private final List<FailureCriterion> criteria;

    FailureMarker(List<FailureCriterion> criteria) {
        this.criteria = criteria;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
            @Nullable Object handler, Exception exception) {
        if (isFailure(request, exception)) {
            mark(exception);
            OuterFailureFilter.record(request, exception);
        }
        return null;
    }

    static void mark(Exception exception) {
        try {
            ScopedContext.markFailed(exception);
        } catch (IllegalStateException outsideOfAnyScope) {
            LOG.trace("An exception of a handler marks no scope", outsideOfAnyScope);
        }
    }

    /** Returns the decision of the criteria. If one throws, its exception replaces that of the request. */
    private boolean isFailure(HttpServletRequest request, Exception exception) {
        try {
            return criteria.stream().allMatch(criterion -> criterion.isFailure(exception, request));
        } catch (Throwable thrown) {
            if (thrown != exception) {
                thrown.addSuppressed(exception);
            }
            throw thrown;
        }
    }
}
