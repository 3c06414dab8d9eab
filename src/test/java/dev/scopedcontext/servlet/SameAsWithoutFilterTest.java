package dev.scopedcontext.servlet;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.servlet.ServletServer.Kind;
import dev.scopedcontext.support.LogLines;
import jakarta.servlet.GenericServlet;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses, and the order of what listeners are told, are those of the container without the filter. */
@Tag("containers")
@ExtendWith(CleanThread.class)
class SameAsWithoutFilterTest {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static Stream<Arguments> scenarios() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(Scenario.values()).map(scenario -> Arguments.of(kind, scenario)));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void aRequestIsServedAsWithoutTheFilter(Kind kind, Scenario scenario) throws Exception {
        List<String> without = serve(kind, scenario);
        List<String> with = serveFiltered(kind, scenario);
        for (int i = 0; i < 3 && !with.equals(without); i++) { // since containers have races of their own
            without = serve(kind, scenario);
            with = serveFiltered(kind, scenario);
        }
        assertThat(with).isEqualTo(without);
    }

    private static List<String> serveFiltered(Kind kind, Scenario scenario) throws Exception {
        Semaphore ends = new Semaphore(0);
        NamedContext context = NamedContext.named("request").onSessionExit(failure -> ends.release());
        try (LogLines lines = LogLines.capture()) {
            List<String> seen = serve(kind, scenario, RequestFilter.entering(request -> context.session()));
            assertThat(ends.tryAcquire(10, SECONDS)).as("the scope ends").isTrue();
            assertThat(ends.availablePermits()).as("further ends").isZero();
            assertThat(lines.messages()).isEmpty();
            return seen;
        }
    }

    private static List<String> serve(Kind kind, Scenario scenario, RequestFilter... filters) {
        try (Told told = new Told(); ServletServer server = kind.deploy(Thread::new, (context, unused) -> {
            ServletServer.addFilters(context, filters);
            ServletServer.addServlet(context, servlet(told, scenario));
        })) {
            List<String> seen = new ArrayList<>();
            seen.add(scenario == Scenario.THE_CLIENT_GOES_AWAY ? leave(server.port()) : ask(server.port()));
            seen.addAll(told.await(scenario.ends));
            server.watched.assertClean();
            return seen;
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static String leave(int port) throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send("/a?b=c");
            int status = client.readStatus();
            client.hangUp();
            return "" + status;
        }
    }

    private static String ask(int port) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/a?b=c"))
                .POST(HttpRequest.BodyPublishers.ofString("hello"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
            String body = response.body();
            return response.statusCode() + " " + (body.length() > 1000 ? body.length() + " characters" : body);
        } catch (IOException failure) {
            return "no response";
        }
    }

    private static GenericServlet servlet(Told told, Scenario scenario) {
        return new GenericServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            public void service(ServletRequest request, ServletResponse response)
                    throws IOException, ServletException {
                if (request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) != null) {
                    response.getWriter().print("sorry");
                } else {
                    scenario.serving.serve(told, request, response);
                }
            }
        };
    }
}
