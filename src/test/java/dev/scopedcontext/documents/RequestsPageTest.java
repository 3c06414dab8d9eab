package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.http.ExchangeFilter;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.named.NamedContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/requests.md for the JDK's server. */
@ExtendWith(CleanThread.class)
class RequestsPageTest {

    // @start region="server"
    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);

    static HttpServer start(int port) throws IOException {
        ExchangeFilter filter = ExchangeFilter.entering(exchange -> REQUEST.session().where(USER, user(exchange)));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/", exchange -> send(exchange, 200, page())).getFilters().add(filter);
        server.start();
        return server;
    }

    static String user(HttpExchange exchange) {
        return exchange.getRequestHeaders().getFirst("X-User");
    }

    static String page() {
        return "Hello " + USER.get();
    }

    static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
    // @end

    static final BlockingQueue<String> log = new LinkedBlockingQueue<>();

    static {
        // @start region="hook"
        REQUEST.onSessionExit(failure -> log.add(failure == null ? "commit" : "roll back: " + failure.getMessage()));
        // @end
    }

    // @start region="markFailed"
    static void handle(HttpExchange exchange) throws IOException {
        try {
            send(exchange, 200, order());
        } catch (IllegalArgumentException failure) {
            ScopedContext.markFailed(failure); // the hooks get it, although this method returns
            send(exchange, 400, failure.getMessage());
        }
    }
    // @end

    static String order() {
        if (USER.get().equals("alice")) {
            throw new IllegalArgumentException("out of stock");
        }
        return "tea";
    }

    static final Local SCRATCH = Local.named("scratch");
    static final LocalManager LOCALS = LocalManager.of(SCRATCH);
    static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");

    // @start region="hold"
    static void later(HttpExchange exchange, Executor executor) {
        OpenScope hold = ExchangeFilter.hold();
        executor.execute(() -> {
            try (hold) {
                hold.call(() -> {
                    send(exchange, 200, page()); // for the same user, with the same resources
                    return null;
                });
            } catch (IOException | RuntimeException failure) { // the client has gone, or its deadline has passed
                exchange.close(); // the hooks have the failure
            }
        });
    }
    // @end

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private HttpServer server;

    @AfterEach
    void stop() throws InterruptedException {
        server.stop(0);
        executor.shutdown();
        assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(log).isEmpty();
    }

    @Test
    void aRequestIsServedInASession() throws Exception {
        server = start(0);
        assertThat(ask("alice").body()).isEqualTo("Hello alice");
        assertThat(ended()).isEqualTo("commit");
    }

    @Test
    void aFailureThatBecomesAResponseIsMarked() throws Exception {
        serve(RequestsPageTest::handle,
                ExchangeFilter.entering(exchange -> REQUEST.session().where(USER, user(exchange))));
        HttpResponse<String> answer = ask("alice");
        assertThat(List.of(answer.statusCode(), answer.body())).isEqualTo(List.of(400, "out of stock"));
        assertThat(ended()).isEqualTo("roll back: out of stock");
    }

    @Test
    void severalScopesAreEntered() throws Exception {
        // @start region="several"
        ExchangeFilter filter = ExchangeFilter.entering(exchange -> ScopedContext.where(REQUEST_ID, id(exchange)))
                .thenEntering(exchange -> REQUEST.session().where(USER, user(exchange)))
                .thenEntering(exchange -> LOCALS);
        // @end
        serve(exchange -> {
            SCRATCH.set("seen", REQUEST_ID.get() + " " + USER.get());
            send(exchange, 200, SCRATCH.get("seen").toString());
        }, filter);
        assertThat(ask("alice").body()).isEqualTo("/ alice");
        assertThat(ended()).isEqualTo("commit");
    }

    private static String id(HttpExchange exchange) {
        return exchange.getRequestURI().getPath();
    }

    @Test
    void aHolderContinuesTheExchange() throws Exception {
        serve(exchange -> later(exchange, executor),
                ExchangeFilter.entering(exchange -> REQUEST.session().where(USER, user(exchange))));
        assertThat(ask("alice").body()).isEqualTo("Hello alice");
        assertThat(ended()).isEqualTo("commit");
    }

    private void serve(HttpHandler handler, ExchangeFilter filter) throws IOException {
        server = HttpServer.create(new InetSocketAddress(0), 0);
        server.createContext("/", handler).getFilters().add(filter);
        server.start();
    }

    private HttpResponse<String> ask(String user) throws Exception {
        URI address = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(address).header("X-User", user).build(),
                BodyHandlers.ofString());
    }

    private static String ended() throws InterruptedException {
        return log.poll(1, TimeUnit.MINUTES);
    }
}
