package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** What requests of {@link Scenario} do. */
final class ScenarioSteps {

    /** The size of a response that the client reads nothing of before it goes away. */
    private static final int MUCH = 1 << 24;

    private ScenarioSteps() {
    }

    /** A listener that the container creates. */
    public static final class CreatedListener extends NoListener {
    }

    static boolean isFirst(ServletRequest request) {
        return request.getDispatcherType() == DispatcherType.REQUEST;
    }

    /** Returns how many times this has been called for a request. */
    static int round(ServletRequest request) {
        int round = request.getAttribute("round") instanceof Integer before ? before + 1 : 1;
        request.setAttribute("round", round);
        return round;
    }

    /** Writes more than a client reads that goes away. */
    static void writeUntilItFails(ServletResponse response) {
        try {
            for (int i = 0; i < MUCH; i += 1 << 16) {
                response.getOutputStream().write(new byte[1 << 16]);
            }
        } catch (IOException clientHasGone) {
            // Some containers report this to the listeners, too.
        }
    }

    static AsyncContext start(Told told, ServletRequest request, String name) {
        AsyncContext async = request.startAsync();
        async.addListener(told.listener(name));
        return async;
    }

    static void timeOut(Told told, ServletRequest request, String name, Told.Answer answer) {
        AsyncContext async = request.startAsync();
        async.setTimeout(100);
        async.addListener(told.listener(name, answer));
    }

    static String failure(Runnable call) {
        try {
            call.run();
            return "accepted";
        } catch (RuntimeException refused) {
            return "refused with " + refused.getClass().getSimpleName();
        }
    }

    /** Tells in the response which dispatch this is. */
    static void print(ServletRequest request, ServletResponse response) throws IOException {
        ServletRequest http = request;
        while (!(http instanceof HttpServletRequest)) {
            http = ((ServletRequestWrapper) http).getRequest();
        }
        HttpServletRequest inner = (HttpServletRequest) http;
        response.getWriter().print(request.getDispatcherType() + " " + inner.getRequestURI() + "?"
                + inner.getQueryString() + " from " + request.getAttribute(AsyncContext.ASYNC_REQUEST_URI) + " async "
                + request.isAsyncStarted() + ";");
    }

    /** Does nothing. */
    abstract static class NoListener implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
        }

        @Override
        public void onTimeout(AsyncEvent event) {
        }

        @Override
        public void onError(AsyncEvent event) {
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
        }
    }
}
