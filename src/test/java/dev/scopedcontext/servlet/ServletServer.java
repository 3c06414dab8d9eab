package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.executor.WatchedTasks;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.http.RawClient.Answer;
import dev.scopedcontext.http.Visits;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** A servlet container whose threads are watched. */
abstract class ServletServer implements AutoCloseable {

    final WatchedTasks watched = new WatchedTasks();

    /** What is shown where a request has failed. */
    volatile Action errorPage = (request, response) -> response.getWriter().write("sorry");

    private final Application application;

    ServletServer(Application application) {
        this.application = application;
    }

    /** What a servlet does. */
    interface Action {

        void serve(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    /** Adds filters and servlets to a server. */
    interface Application {

        void addTo(ServletContext context, ServletServer server) throws ServletException;
    }

    /** Makes containers of one kind. */
    enum Kind {
        TOMCAT {
            @Override
            ServletServer deploy(ThreadFactory threads, Application application) throws Exception {
                return new TomcatServer(threads, application);
            }
        },
        JETTY {
            @Override
            ServletServer deploy(ThreadFactory threads, Application application) throws Exception {
                return new JettyServer(threads, application);
            }
        },
        UNDERTOW {
            @Override
            ServletServer deploy(ThreadFactory threads, Application application) throws Exception {
                return new UndertowServer(threads, application);
            }
        };

        abstract ServletServer deploy(ThreadFactory threads, Application application) throws Exception;

        ServletServer start(ThreadFactory threads, Action action, RequestFilter... filters) throws Exception {
            return deploy(threads, (context, server) -> {
                addFilters(context, filters);
                server.addServlet(context, action);
            });
        }
    }

    /** Answers {@code /a}, and checks what the hook of this visit saw. */
    static Answer ask(Kind kind, Visits visits, String ending, Action action) throws Exception {
        RequestFilter visit = RequestFilter.entering(request -> visits.visit("a"));
        try (ServletServer server = kind.start(Thread::new, action, visit);
                RawClient client = new RawClient(server.port())) {
            Answer answer = client.get("/a");
            assertThat(visits.endOf("a")).isEqualTo(ending);
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
            return answer;
        }
    }

    abstract int port();

    @Override
    public abstract void close() throws Exception;

    /** Adds the application. The first filter looks at the thread before and after each request. */
    void initialise(ServletContext context) throws ServletException {
        FilterRegistration.Dynamic first = context.addFilter("watch", watch());
        first.setAsyncSupported(true);
        first.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR),
                false, "/*");
        application.addTo(context, this);
    }

    static void addFilters(ServletContext context, RequestFilter... filters) {
        for (int i = 0; i < filters.length; i++) {
            if (i == 0) {
                filters[i].addTo(context);
            } else {
                FilterRegistration.Dynamic added = context.addFilter("inner" + i, filters[i]);
                added.setAsyncSupported(true);
                added.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
            }
        }
    }

    /** Adds a servlet for all requests, which shows the error page where one has failed. */
    void addServlet(ServletContext context, Action action) {
        addServlet(context, servlet(action));
    }

    /** Adds a servlet for all requests. */
    static void addServlet(ServletContext context, Servlet servlet) {
        ServletRegistration.Dynamic added = context.addServlet("action", servlet);
        added.setAsyncSupported(true);
        added.addMapping("/*");
    }

    private Filter watch() {
        return (request, response, chain) -> {
            watched.look("before");
            try {
                chain.doFilter(request, response);
            } finally {
                watched.look("after");
            }
        };
    }

    private Servlet servlet(Action action) {
        return new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws IOException, ServletException {
                boolean failed = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null;
                (failed ? errorPage : action).serve(request, response);
            }
        };
    }
}
