package dev.scopedcontext.servlet;

import static jakarta.servlet.DispatcherType.ASYNC;
import static jakarta.servlet.DispatcherType.ERROR;
import static jakarta.servlet.DispatcherType.REQUEST;
import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.Log;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.OpenScope;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts a scope around every request of a servlet container: what a function of the request returns, be it
 * bindings, a session of a named context or a manager of locals.
 *
 * {@snippet class="dev.scopedcontext.servlet.ServletExamplesTest" region="filter"}
 *
 * <p>The scope ends when the chain returns or throws, on its thread. Hooks see what the chain throws, and the
 * container gets it unchanged.
 *
 * <p><b>Asynchronous requests</b> keep their one scope until they are complete. Every dispatch of the request
 * that comes by the filter is a piece of it, so what one dispatch sets in a local the next one finds; so is
 * what listeners do that are added to the {@code AsyncContext}. Tasks of {@code AsyncContext.start} see the
 * context of where they were started or, if that was outside of the request, of where it became asynchronous;
 * they share the session and copy the locals, as all that is handed over. A task whose {@code Deadline} has
 * passed runs all the same and finds it passed, so that it can complete the request. The scope ends after the
 * last listener of the application has been told of the completion,
 * or of an error that none of them has answered with {@code complete()} or {@code dispatch()}; or, if a dispatch
 * throws, there and then. A container may fail to report the end of a request, for example because its client has
 * gone. The filter ends such a request itself, some seconds after it was completed or timed out, and hooks see a
 * failure. Listeners, and hooks that run after them, see nothing else that is bound on the thread that they are
 * called on. Hooks see the first exception of a dispatch or started task, or that of an error, or a {@code
 * java.util.concurrent.TimeoutException} of a time-out, whatever has been done about these. If a scope cannot be
 * entered any more, listeners are told and the scopes inside of it end outside of it, and their hooks are told this
 * failure. Work that is still
 * going on then finds the resources of sessions gone, and listeners that are told more are called in no scope.
 *
 * <p><b>One scope a request.</b> Forwards, includes and error pages inside of the scope are in it. An error
 * page that the container shows after the scope has ended is in none, and so is any other dispatch that it
 * still makes; {@link #openingFor} asks for one. What is set in a {@code Local} where there is none stays in
 * the container's thread until it is removed, as on any thread.
 *
 * <p><b>Other threads</b> are handed context as from any code. {@code ReadListener}s and {@code WriteListener}s
 * are called without it.
 *
 * <p><b>Containers.</b> The filter works in containers of Jakarta Servlet 6.0 and 6.1. It is tested in Tomcat 10.1 and
 * 11, Jetty 12.0 and 12.1, and Undertow 2.3. Containers of Servlet 5 are not supported, such as Jetty 11 and the
 * environment {@code ee9} of Jetty 12.
 *
 * <p>A filter is safe to use by any number of threads, and its methods that return one leave it as it is. Add
 * it to one application, by {@link #addTo} or by a mapping to the dispatcher types {@code REQUEST}, {@code ASYNC} and
 * {@code ERROR} that supports asynchronous requests. A filter logs one warning if asynchronous dispatches do not pass
 * it. <b>Null</b> arguments, and null in place of what a function is to return, are a {@code NullPointerException}
 * that names the argument or the function.
 */
public final class RequestFilter implements Filter {

    /** Bound to what this filter has put around the request that the caller works for. */
    final ContextKey<FilteredScope> current = ContextKey.named("request");

    final UnfinishedRequests unfinished = new UnfinishedRequests();

    private final Function<? super HttpServletRequest, ? extends ScopeOpener> scope;

    /** What has a scope of its own inside, or after, that of the request. */
    private final Set<DispatcherType> own;

    /** Whether it has been reported that dispatches do not pass this filter. */
    private final AtomicBoolean missedDispatch = new AtomicBoolean();

    /** The name in the application, or of this class as long as that is unknown. */
    private volatile String name = RequestFilter.class.getName();

    private RequestFilter(Function<? super HttpServletRequest, ? extends ScopeOpener> scope, Set<DispatcherType> own) {
        this.scope = scope;
        this.own = own;
    }

    /**
     * Creates a filter.
     *
     * @param scope gives what to enter for a request; called once for each, outside of its scope. What it
     *         throws goes to the container
     * @return a filter
     */
    public static RequestFilter entering(Function<? super HttpServletRequest, ? extends ScopeOpener> scope) {
        return new RequestFilter(requireNonNull(scope, "scope"), Set.of());
    }

    /**
     * Returns a filter that enters what this one does, and something else inside of that. They are left in
     * reverse order.
     *
     * @param inner gives what to enter for a request, inside of what this filter enters. What it throws is a
     *         failure of that, and goes to the container
     * @return a new filter
     */
    public RequestFilter thenEntering(Function<? super HttpServletRequest, ? extends ScopeOpener> inner) {
        requireNonNull(inner, "inner");
        return new RequestFilter(request -> scopeOf(request).enclosing(() -> of(inner, request)), own);
    }

    /**
     * Returns a filter that also enters a scope for each forward, include or error dispatch, inside of that of
     * the request where there is one. It ends when the dispatch returns, also if that becomes asynchronous.
     *
     * @param types {@code FORWARD}, {@code INCLUDE} or {@code ERROR}
     * @return a new filter
     * @throws IllegalArgumentException if one of them is another type
     */
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
     * Adds this filter to a web application, for all its requests and their asynchronous dispatches, before the
     * filters that are declared there.
     *
     * @param context the application, which is being initialised
     * @return the registration
     * @throws IllegalStateException if the application is initialised already, or has such a filter
     */
    public FilterRegistration.Dynamic addTo(ServletContext context) {
        String name = RequestFilter.class.getName();
        FilterRegistration.Dynamic added = requireNonNull(context, "context").addFilter(name, this);
        if (added == null) {
            throw new IllegalStateException(
                    "The application has a filter " + name + " already: have that one enter more"
                            + " with thenEntering(...), or register this one under another name");
        }
        EnumSet<DispatcherType> types = EnumSet.of(REQUEST, ASYNC, ERROR);
        types.addAll(own);
        added.setAsyncSupported(true);
        added.addMappingForUrlPatterns(types, false, "/*");
        return added;
    }

    /**
     * Passes a request on in its scope.
     *
     * @param request the request
     * @param response the response
     * @param chain what is behind this filter
     * @throws IOException if the chain does
     * @throws ServletException if the chain does, or if the request is no HTTP request and wraps none
     */
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = httpOf(request);
        OpenRequest open = OpenRequest.of(http);
        FilteredScope filtered = open.scopeOf(this);
        DispatcherType type = http.getDispatcherType();
        boolean again = own.contains(type);
        if (type == ASYNC) {
            open.rounds.reached(this);
        }
        if (filtered == null && !again && !isLate(http, open)) {
            CallableOp<@Nullable Void, RuntimeException> first = passing(chain, Filtered.of(request, open.rounds),
                    response);
            open.begin(this, http, opened(scopeOf(http)), first);
            return;
        }
        CallableOp<@Nullable Void, RuntimeException> rest = again
                ? () -> scopeOf(http).call(passing(chain, request, response))
                : passing(chain, filtered == null ? request : Filtered.of(request, open.rounds), response);
        if (filtered == null || (filtered.isEntered() && !isByContainer(type))) {
            rest.call();
        } else {
            open.goOn(filtered, http, rest);
        }
    }

    /** Returns the HTTP request, which a dispatch may have put into plain wrappers. */
    private static HttpServletRequest httpOf(ServletRequest request) throws ServletException {
        ServletRequest inner = request;
        while (!(inner instanceof HttpServletRequest http)) {
            if (!(inner instanceof ServletRequestWrapper wrapper)) {
                throw new ServletException("RequestFilter is for HTTP requests, and cannot filter " + request);
            }
            inner = wrapper.getRequest();
        }
        return http;
    }

    /** Tells whether a dispatch comes after the scope that it would have been in, or in place of that. */
    private boolean isLate(HttpServletRequest request, OpenRequest open) {
        return switch (request.getDispatcherType()) {
            case REQUEST -> false;
            case ERROR -> true;
            // Undertow may dispatch a request that has failed after its end, when all of its attributes are lost.
            case ASYNC -> open.hasEnded(this) || request.getAttribute(AsyncContext.ASYNC_REQUEST_URI) == null;
            default -> open.hasEnded(this);
        };
    }

    /**
     * Tells whether a dispatch is a piece of its own, even where the caller is in the scope: then the
     * container's executor has been handed the context of whoever asked for the dispatch.
     */
    private static boolean isByContainer(DispatcherType type) {
        return type == ASYNC || type == ERROR;
    }

    /** Prepares for requests, also after an application has been stopped and is started again. */
    @Override
    public void init(FilterConfig config) {
        unfinished.startAnew();
        String given = config.getFilterName();
        name = given == null ? name : given;
    }

    /** Reports once that an asynchronous dispatch did not pass this filter. */
    void reportMissedDispatch() {
        if (!missedDispatch.getAndSet(true)) {
            Log.warn("An asynchronous dispatch did not pass"
                    + " the filter " + name
                    + ", so it ran outside the filter's scope. Map the filter to the dispatcher"
                    + " types REQUEST, ASYNC and ERROR, as RequestFilter.addTo(ServletContext) does", null);
        }
    }

    /**
     * Ends the scopes of asynchronous requests that are not complete when the application is stopped. It does
     * not wait for a dispatch that is running; the scope ends with that. What fails there is thrown when all
     * have ended: the first failure, with those after it suppressed into it.
     */
    @Override
    public void destroy() {
        unfinished.abandon();
    }

    private static CallableOp<@Nullable Void, RuntimeException> passing(FilterChain chain, ServletRequest request,
            ServletResponse response) {
        return () -> RequestFilter.<RuntimeException>pass(chain, request, response);
    }

    /** Calls the chain; what it throws passes lambdas as if it were unchecked. */
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
        return requireNonNull(scope.apply(request), "what to enter for a request");
    }

    private static OpenScope opened(ScopeOpener scope) {
        return requireNonNull(scope.open(), () -> "what open() returns of " + scope);
    }
}
