package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.servlet.ServletServer.Kind;
import dev.scopedcontext.task.Deadline;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes in the headers of a request is bound for all that a servlet does for it, on whatever thread. */
@Tag("slow") // since Tomcat looks for timeouts once in a second
@ExtendWith(CleanThread.class)
class BaggageInServletsTest {

    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextBaggage BAGGAGE = ContextBaggage.builder()
            .member("tenant", TENANT)
            .member("user", USER)
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
            .build();

    private final RequestFilter filter = RequestFilter
            .entering(request -> BAGGAGE.extract(name -> Collections.list(request.getHeaders(name))));

    private static String seen() {
        return TENANT.orElse("-") + " " + USER.orElse("-") + " " + Deadline.KEY.isBound();
    }

    @ParameterizedTest
    @EnumSource
    void itIsBoundInEachDispatchAndTask(Kind kind) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            response.setCharacterEncoding("UTF-8");
            response.getWriter().write(request.getDispatcherType() + " " + seen() + "; ");
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext async = request.startAsync();
                async.start(() -> {
                    try {
                        response.getWriter().write("task " + seen() + "; ");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    async.dispatch("/b");
                });
            }
        }, filter)) {
            HttpResponse<String> answer = get(server, "1M", "tenant=Caf%C3%A9,a=%", " user = bob ;p=1, ,");
            assertThat(answer.body()).isEqualTo("REQUEST Café bob true; task Café bob true; ASYNC Café bob true; ");
            server.watched.assertClean();
        }
    }

    @ParameterizedTest
    @EnumSource
    void taskThatIsTooLateRunsAndFindsItsDeadlinePassed(Kind kind) throws Exception {
        AtomicBoolean passed = new AtomicBoolean();
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext async = request.startAsync();
                async.setTimeout(30_000);
                async.start(() -> {
                    passed.set(Deadline.KEY.get().isExpired());
                    async.complete();
                });
            }
        }, filter)) {
            assertThat(get(server, "0n", "tenant=a").statusCode()).isEqualTo(200);
            assertThat(passed).isTrue();
        }
    }

    private static HttpResponse<String> get(ServletServer server, String timeout, String... baggage)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/a"))
                .header("Request-Timeout", timeout).timeout(Duration.ofMinutes(1));
        for (String header : baggage) {
            request.header("Baggage", header);
        }
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build().send(request.build(),
                BodyHandlers.ofString());
    }
}
