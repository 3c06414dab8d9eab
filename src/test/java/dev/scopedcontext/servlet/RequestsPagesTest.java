package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.http.RawClient.Answer;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.servlet.ServletServer.Action;
import dev.scopedcontext.servlet.ServletServer.Kind;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples of docs/guide/requests.md and docs/guide/requests-async.md for servlets. */
@ExtendWith(CleanThread.class)
class RequestsPagesTest {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);

    // @start region="listener"
    static class Start implements ServletContextListener {

        @Override
        public void contextInitialized(ServletContextEvent event) {
            RequestFilter.entering(request -> REQUEST.session().where(USER, user(request)))
                    .addTo(event.getServletContext());
        }
    }
    // @end

    static String user(HttpServletRequest request) {
        return request.getRequestURI().substring(1);
    }

    private static final BlockingQueue<String> ENDS = new LinkedBlockingQueue<>();

    static {
        REQUEST.onSessionExit(failure -> ENDS.add(String.valueOf(failure)));
    }

    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private String end;

    @AfterEach
    void shutDown() {
        pool.shutdown();
        assertThat(ENDS).isEmpty();
    }

    static String page() {
        if (USER.get().equals("nobody")) {
            throw new IllegalStateException("no page");
        }
        return "Hello " + USER.get();
    }

    static void write(AsyncContext async, String text) {
        try {
            async.getResponse().getWriter().write(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    // @start region="start"
    static void serve(HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        async.start(() -> {
            write(async, page()); // reads USER in the session of the request
            async.complete();
        });
    }
    // @end

    // @start region="executor"
    static void serve(HttpServletRequest request, Executor executor) {
        AsyncContext async = request.startAsync();
        ContextExecutors.propagating(executor).execute(() -> {
            try {
                write(async, page());
                async.complete();
            } catch (RuntimeException failure) {
                request.setAttribute("failure", failure);
                async.dispatch("/failed");
            }
        });
    }

    static void serveFailed(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ScopedContext.markFailed((Throwable) request.getAttribute("failure")); // for the hooks
        response.sendError(500);
    }
    // @end

    // @start region="stream"
    static void stream(HttpServletRequest request, ServletOutputStream out) {
        AsyncContext async = request.startAsync();
        ContextSnapshot now = ScopedContext.capture();
        out.setWriteListener(new WriteListener() {

            @Override
            public void onWritePossible() throws IOException {
                now.<Void, IOException>call(() -> {
                    out.print(page());
                    return null;
                });
                async.complete();
            }

            @Override
            public void onError(Throwable failure) {
                async.complete();
            }
        });
    }
    // @end

    @ParameterizedTest
    @EnumSource
    void aStartedTaskIsInTheSession(Kind kind) throws Exception {
        assertThat(ask(kind, "/alice", (request, response) -> serve(request)).body()).isEqualTo("Hello alice");
        assertThat(end).isEqualTo("null");
    }

    @ParameterizedTest
    @EnumSource
    void aTaskOfAnExecutorIsInTheSession(Kind kind) throws Exception {
        assertThat(ask(kind, "/alice", (request, response) -> serve(request, pool)).body()).isEqualTo("Hello alice");
        assertThat(end).isEqualTo("null");
    }

    @ParameterizedTest
    @EnumSource
    void aFailureOfAnExecutorsTaskIsDispatched(Kind kind) throws Exception {
        Answer answer = ask(kind, "/nobody", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                serveFailed(request, response);
            } else {
                serve(request, pool);
            }
        });
        assertThat(answer.status()).isEqualTo(500);
        assertThat(end).isEqualTo("java.lang.IllegalStateException: no page");
    }

    /** The filter does not follow threads of the application. */
    @ParameterizedTest
    @EnumSource
    void aMarkOnAThreadOfTheApplicationIsNotOneOfTheRequest(Kind kind) throws Exception {
        ask(kind, "/alice", (request, response) -> {
            AsyncContext async = request.startAsync();
            ContextExecutors.propagating(pool).execute(() -> {
                ScopedContext.markFailed(new IllegalStateException("not told"));
                async.complete();
            });
        });
        assertThat(end).isEqualTo("null");
    }

    @ParameterizedTest
    @EnumSource
    void aWriteListenerRunsInTheCapturedContext(Kind kind) throws Exception {
        Answer answer = ask(kind, "/alice", (request, response) -> stream(request, response.getOutputStream()));
        assertThat(answer.body()).isEqualTo("Hello alice");
        assertThat(end).isEqualTo("null");
    }

    private Answer ask(Kind kind, String path, Action action) throws Exception {
        try (ServletServer server = kind.deploy(Thread::new, (context, application) -> {
            new Start().contextInitialized(new ServletContextEvent(context));
            application.addServlet(context, action);
        });
                RawClient client = new RawClient(server.port())) {
            Answer answer = client.get(path);
            end = ENDS.poll(1, TimeUnit.MINUTES); // before the server is stopped
            server.watched.assertClean();
            return answer;
        }
    }
}
