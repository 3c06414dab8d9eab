package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** A container that reports nothing of its requests, unless a test calls a listener. */
final class SilentContainer {

    private final List<AsyncListener> listeners = new CopyOnWriteArrayList<>();
    private final AsyncContext async = stub(AsyncContext.class, (name, arguments) -> switch (name) {
        case "addListener" -> {
            listeners.add((AsyncListener) arguments[0]);
            yield null;
        }
        case "start" -> {
            ((Runnable) arguments[0]).run();
            yield null;
        }
        case "getRequest", "getResponse", "complete" -> null;
        default -> throw new UnsupportedOperationException(name);
    });

    /** Reports something to the listeners, of which there is one for each request. */
    void report(ListenerEntry.Callback callback) throws IOException {
        for (AsyncListener listener : listeners) {
            callback.call(listener, new AsyncEvent(async));
        }
        listeners.clear();
    }

    private interface Methods {

        Object call(String name, Object... arguments);
    }

    /** Makes an asynchronous request behind a filter, and returns the scopes that the filter has opened for it. */
    RequestScopes request(RequestFilter filter) throws Exception {
        return request((inside, response) -> inside.startAsync(), filter);
    }

    /** Makes a request behind filters, and returns the scopes that they have opened for it. */
    RequestScopes request(FilterChain chain, RequestFilter... filters) throws IOException, ServletException {
        HttpServletRequest request = request();
        FilterChain next = chain;
        for (int i = filters.length - 1; i >= 0; i--) {
            RequestFilter filter = filters[i];
            FilterChain inside = next;
            next = (asked, response) -> filter.doFilter(asked, response, inside);
        }
        next.doFilter(request, stub(ServletResponse.class, (name, arguments) -> null));
        return RequestPieces.of(request).scopes;
    }

    private HttpServletRequest request() {
        Map<Object, Object> attributes = new ConcurrentHashMap<>();
        AtomicBoolean started = new AtomicBoolean();
        return stub(HttpServletRequest.class, (name, arguments) -> switch (name) {
            case "getDispatcherType" -> DispatcherType.REQUEST;
            case "getAttribute" -> attributes.get(arguments[0]);
            case "setAttribute" -> {
                attributes.put(arguments[0], arguments[1]);
                yield null;
            }
            case "startAsync" -> {
                started.set(true);
                yield async;
            }
            case "getAsyncContext" -> async;
            case "isAsyncStarted" -> started.get();
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private static <T> T stub(Class<T> type, Methods methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (self, method, arguments) -> method.getName().equals("equals")
                        ? self == arguments[0]
                        : methods.call(method.getName(), arguments)));
    }
}
