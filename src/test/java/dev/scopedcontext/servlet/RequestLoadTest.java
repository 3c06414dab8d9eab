package dev.scopedcontext.servlet;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.http.Traffic;
import dev.scopedcontext.http.Visits;
import dev.scopedcontext.servlet.ServletServer.Kind;
import dev.scopedcontext.support.OnThread;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Many requests at once never meet, and leave nothing behind. */
@Tag("slow")
@ExtendWith(CleanThread.class)
class RequestLoadTest {

    private final Visits visits = new Visits();

    static Stream<Arguments> servers() {
        return Stream.of(Kind.values())
                .flatMap(kind -> OnThread.kinds().stream().map(threads -> Arguments.of(kind, threads)));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void requestsNeverMeet(Kind kind, ThreadFactory threads) throws Exception {
        RequestFilter filter = RequestFilter.entering(request -> visits.visit(part(request, 2)));
        try (visits; ServletServer server = kind.start(threads, this::serve, filter)) {
            Traffic traffic = new Traffic(server.port(), "plain", "fork", "complete", "large", "dispatch", "throw",
                    "start", "error", "forward");
            visits.assertAllWell(traffic.run());
            server.watched.assertClean();
        }
    }

    private static String part(HttpServletRequest request, int index) {
        return request.getRequestURI().split("/", 3)[index];
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        String name = part(request, 2);
        int step = visits.step(name);
        boolean first = request.getDispatcherType() == DispatcherType.REQUEST;
        switch (part(request, 1)) {
            case "throw" -> throw new ServletException("as it was asked to");
            case "large" -> response.getOutputStream().write(new byte[Traffic.LARGE]);
            case "forward" -> request.getRequestDispatcher("/plain/" + name).forward(request, response);
            case "complete" -> complete(request.startAsync(), name);
            case "start" -> {
                AsyncContext async = request.startAsync();
                async.start(() -> finish(async, name, 2));
            }
            case "dispatch", "error" -> {
                if (step < 5) {
                    AsyncContext async = request.startAsync();
                    visits.elsewhere(() -> {
                        async.dispatch();
                        return null;
                    });
                } else if (part(request, 1).equals("error")) {
                    throw new IllegalStateException("as it was asked to");
                } else {
                    response.getWriter().write(name);
                }
            }
            case "fork" -> {
                visits.fork(name);
                response.getWriter().write(name);
            }
            default -> response.getWriter().write(name);
        }
        visits.step(name);
        visits.expect("the first dispatch is the first step", !first || step == 1);
    }

    private void complete(AsyncContext async, String name) {
        visits.elsewhere(() -> {
            async.getResponse().getWriter().write(name);
            async.complete();
            return null;
        });
    }

    private void finish(AsyncContext async, String name, int step) {
        visits.expect("a task copies the locals", visits.step(name) == step);
        try {
            async.getResponse().getWriter().write(name);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
        async.complete();
    }
}
