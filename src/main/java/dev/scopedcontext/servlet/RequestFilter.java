package dev.scopedcontext.servlet;

import static jakarta.servlet.DispatcherType.ASYNC;
import static jakarta.servlet.DispatcherType.ERROR;
import static jakarta.servlet.DispatcherType.REQUEST;
import static java.util.Objects.requireNonNull;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.internal.CheckReturnValue;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.internal.OpenedScope;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts a scope around every request of a servlet container. A function of the request supplies the scope: bindings, a
 * session of a named context, a manager of locals, or another {@link ScopeOpener}.
 *
 * {@snippet class="dev.scopedcontext.servlet.ServletExamplesTest" region="filter"}
 *
 * <p>The scope ends on the thread of the chain when the chain returns or throws. Hooks get the exception of the chain
 * or, if it returns, the failure that was passed to {@link dev.scopedcontext.ScopedContext#markFailed} in it, for
 * example by a framework that turns exceptions into responses. Exceptions propagate to the container unchanged.
 *
 * <p><b>Asynchronous requests</b> keep their one scope until they are complete. Each dispatch that passes the filter is
 * a piece of the scope, and so is each call of a listener that was added to the {@code AsyncContext}. Values that one
 * piece sets in a local are visible to the next. Tasks of {@code AsyncContext.start} run in the context of the caller
 * or, if the caller is outside the request, in the context in which the request became asynchronous. They share the
 * session and copy the locals, like all work that is handed over. A task whose {@code Deadline} has passed still runs,
 * so that it can complete the request, and finds that the deadline has passed.
 *
 * <p><b>End of asynchronous requests.</b> The scope ends after the last listener of the application has been notified
 * of the completion, or of an error after which no listener calls {@code complete()} or {@code dispatch()}. If a
 * dispatch throws, the scope ends immediately. A container may fail to report the end of a request, for example because
 * the client has closed the connection. The filter then ends the request itself, some seconds after it was completed or
 * timed out, and hooks get a failure. Listeners, and hooks that run after them, do not see any other bindings of the
 * calling thread.
 *
 * <p><b>Failures of asynchronous requests.</b> Hooks get the first failure: an exception of a dispatch or started task,
 * the exception of an error, or a {@code java.util.concurrent.TimeoutException} after a timeout, even if the
 * application has handled it. If there is none, they get the first failure that a dispatch, a task or a listener was
 * marked with. Later ones are suppressed into the first. If a scope can no longer be entered, listeners are notified
 * outside it, the scopes inside it end outside it, and their hooks get this failure. Work that is still running at the
 * end can no longer use the resources of sessions, and further listeners are called outside any scope.
 *
 * <p><b>One scope per request.</b> Forwards, includes and error pages run in the scope while it is open. Error pages
 * and other dispatches after its end run outside any scope; use {@link #openingFor} to open one for them. A value that
 * is set in a {@code Local} outside any scope stays on the container's thread until it is removed, as on any thread.
 *
 * <p><b>Other threads.</b> Context is handed over to other threads as in any other code. {@code ReadListener}s and
 * {@code WriteListener}s are called without context.
 *
 * <p><b>Containers.</b> The filter works in containers of Jakarta Servlet 6.0 and 6.1. It is tested in Tomcat 10.1 and
 * 11, Jetty 12.0 and 12.1, and Undertow 2.3. Containers of Servlet 5 are not supported, such as Jetty 11 and the
 * environment {@code ee9} of Jetty 12.
 *
 * <p>Add a filter to one application, with {@link #addTo} or with a mapping to the dispatcher types {@code REQUEST},
 * {@code ASYNC} and {@code ERROR} that supports asynchronous requests. A filter logs one warning if asynchronous
 * dispatches do not pass it.
 *
 * <p>Instances are thread-safe, and methods that return a filter do not change this one. Unless noted otherwise,
 * passing null throws a {@code NullPointerException} that names the parameter. If a function returns null, the filter
 * throws {@code NullPointerException}.
 */
public final class RequestFilter implements Filter {

    private final FilterRequests requests = new FilterRequests(RequestFilter.class.getName());

    private final Function<? super HttpServletRequest, ? extends ScopeOpener> scope;

    /** The dispatcher types that have a scope of their own, inside that of the request or after it. */
    private final Set<DispatcherType> own;

    private RequestFilter(Function<? super HttpServletRequest, ? extends ScopeOpener> scope, Set<DispatcherType> own) {
        this.scope = scope;
        this.own = own;
    }

    /**
     * Creates a filter.
     *
     * @param scope returns the scope to open for a request. It is called once per request, outside the scope. Its
     *        exceptions propagate to the container
     * @return a filter
     */
    public static RequestFilter entering(Function<? super HttpServletRequest, ? extends ScopeOpener> scope) {
        return new RequestFilter(requireNonNull(scope, "scope"), Set.of());
    }

    /**
     * Returns a filter that enters the scope of this filter, and another scope inside it. They end in reverse order.
     *
     * @param inner returns the inner scope for a request. It is called inside the scope of this filter. If it throws,
     *        that scope has failed, and the exception propagates to the container
     * @return a new filter
     */
    @CheckReturnValue
    public RequestFilter thenEntering(Function<? super HttpServletRequest, ? extends ScopeOpener> inner) {
        requireNonNull(inner, "inner");
        return new RequestFilter(request -> scopeOf(request).enclosing(() -> of(inner, request)), own);
    }

    /**
     * Returns a filter that also opens a scope for each forward, include or error dispatch, inside the scope of the
     * request if that is open. It ends when the dispatch returns, even if the request has become asynchronous.
     *
     * @param types {@code FORWARD}, {@code INCLUDE} or {@code ERROR}
     * @return a new filter
     * @throws IllegalArgumentException if one of them is another type
     */
    @CheckReturnValue
    public RequestFilter openingFor(DispatcherType... types) {
        EnumSet<DispatcherType> all = EnumSet.noneOf(DispatcherType.class);
        all.addAll(own);
        all.addAll(Arrays.asList(requireNonNull(types, "types")));
        if (all.contains(REQUEST) || all.contains(ASYNC)) {
            throw new IllegalArgumentException("A request has one scope, which its asynchronous dispatches share: open"
                    + " others for FORWARD, INCLUDE or ERROR, not for " + Arrays.toString(types));
        }
        return new RequestFilter(scope, all);
    }

    /**
     * Adds this filter to a web application, for all its requests and their asynchronous dispatches, before the filters
     * that are declared there.
     *
     * @param context the application, which is being initialized
     * @return the registration
     * @throws IllegalStateException if the application is already initialized, or already has a filter of this class
     * @throws UnsupportedOperationException if the context was passed to a listener that was added by code, such as a
     *         {@code ServletContextListener} bean of Spring Boot. Declare a {@code ServletContextInitializer} bean
     *         instead
     */
    public FilterRegistration.Dynamic addTo(ServletContext context) {
        String name = RequestFilter.class.getName();
        FilterRegistration.Dynamic added = add(name, requireNonNull(context, "context"));
        if (added == null) {
            throw new IllegalStateException(
                    "The application already has a filter " + name + ": let that filter enter more"
                            + " scopes with thenEntering(...), or register this one under another name");
        }
        EnumSet<DispatcherType> types = EnumSet.of(REQUEST, ASYNC, ERROR);
        types.addAll(own);
        added.setAsyncSupported(true);
        added.addMappingForUrlPatterns(types, false, "/*");
        return added;
    }

    private FilterRegistration.@Nullable Dynamic add(String name, ServletContext context) {
        try {
            return context.addFilter(name, this);
        } catch (UnsupportedOperationException refused) {
            throw new UnsupportedOperationException("A listener that was added by code cannot add filters. In Spring"
                    + " Boot, declare a bean of type ServletContextInitializer instead of a ServletContextListener,"
                    + " and call addTo(context) in its onStartup(context). Elsewhere, declare the listener in web.xml"
                    + " or by @WebListener", refused);
        }
    }

    /**
     * Passes a request to the chain in its scope.
     *
     * @param request the request
     * @param response the response
     * @param chain the filters and the servlet behind this filter
     * @throws IOException if the chain does
     * @throws ServletException if the chain does, or if the request neither is nor wraps an HTTP request
     */
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = httpOf(request);
        RequestPieces pieces = RequestPieces.of(http);
        FilterScope open = pieces.scopes.scopeOf(requests);
        DispatcherType type = http.getDispatcherType();
        boolean opensAgain = own.contains(type);
        if (type == ASYNC) {
            pieces.rounds.reached(requests);
        }
        if (open == null && !opensAgain && !isLate(http, pieces.scopes)) {
            CallableOp<@Nullable Void, RuntimeException> first = passing(chain, pieces.layerOver(request), response);
            pieces.begin(requests, http, opened(scopeOf(http)), first);
            return;
        }
        CallableOp<@Nullable Void, RuntimeException> rest = opensAgain
                ? () -> scopeOf(http).call(passing(chain, request, response))
                : passing(chain, open == null ? request : pieces.layerOver(request), response);
        if (open == null || (open.isEntered() && !isByContainer(type))) {
            rest.call();
        } else {
            pieces.goOn(open, http, rest);
        }
    }

    /** Returns the HTTP request, which a dispatch may have wrapped in plain wrappers. */
    private static HttpServletRequest httpOf(ServletRequest request) throws ServletException {
        ServletRequest inner = request;
        while (!(inner instanceof HttpServletRequest http)) {
            if (!(inner instanceof ServletRequestWrapper wrapper)) {
                throw new ServletException("RequestFilter supports only HTTP requests, not " + request);
            }
            inner = wrapper.getRequest();
        }
        return http;
    }

    /** Returns whether the scope for a dispatch has ended, or was never opened. */
    private boolean isLate(HttpServletRequest request, RequestScopes scopes) {
        return switch (request.getDispatcherType()) {
            case REQUEST -> false;
            case ERROR -> true;
            // Undertow may dispatch a failed request after its end, when all of its attributes are lost.
            case ASYNC -> scopes.hasEnded(requests) || request.getAttribute(AsyncContext.ASYNC_REQUEST_URI) == null;
            default -> scopes.hasEnded(requests);
        };
    }

    /**
     * Returns whether a dispatch is a piece of its own even if the caller is in the scope, since the container's
     * executor may run it in the context of the code that requested the dispatch.
     */
    private static boolean isByContainer(DispatcherType type) {
        return type == ASYNC || type == ERROR;
    }

    /** Prepares for requests, also if an application is started again after it was stopped. */
    @Override
    public void init(FilterConfig config) {
        requests.start(config.getFilterName());
    }

    /**
     * Ends the scopes of asynchronous requests that are not complete when the application is stopped. This method does
     * not wait for a running dispatch, whose scope ends with it. After all others have ended, this method throws the
     * first exception, with later ones suppressed into it.
     */
    @Override
    public void destroy() {
        requests.stop();
    }

    private static CallableOp<@Nullable Void, RuntimeException> passing(FilterChain chain, ServletRequest request,
            ServletResponse response) {
        return () -> RequestFilter.<RuntimeException>pass(chain, request, response);
    }

    /** Calls the chain, whose checked exceptions propagate as if they were unchecked. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> @Nullable Void pass(FilterChain chain, ServletRequest request,
            ServletResponse response) throws X {
        try {
            chain.doFilter(request, response);
            return null;
        } catch (IOException | ServletException failure) {
            throw (X) failure;
        }
    }

    private ScopeOpener scopeOf(HttpServletRequest request) {
        return of(scope, request);
    }

    private static ScopeOpener of(Function<? super HttpServletRequest, ? extends ScopeOpener> scope,
            HttpServletRequest request) {
        return requireNonNull(scope.apply(request), "The function of the filter returned null");
    }

    private static OpenScope opened(ScopeOpener scope) {
        return OpenedScope.of(scope, scope.open());
    }
}
