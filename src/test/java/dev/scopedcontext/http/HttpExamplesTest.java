package dev.scopedcontext.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.named.NamedContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the README and of the Javadoc. */
@ExtendWith(CleanThread.class)
class HttpExamplesTest {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);
    static final LocalManager manager = LocalManager.of(Local.named("web"));

    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        executor.shutdownNow();
    }

    static String user(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().substring(1);
    }

    static void greet(HttpExchange exchange) throws IOException {
        byte[] greeting = ("Hello " + USER.get()).getBytes(UTF_8);
        exchange.sendResponseHeaders(200, greeting.length);
        exchange.getResponseBody().write(greeting);
        exchange.close();
    }

    @Test
    void filter() throws IOException {
        HttpHandler handler = HttpExamplesTest::greet;
        // @start region="filter"
        ExchangeFilter filter = ExchangeFilter.entering(exchange -> REQUEST.session().where(USER, user(exchange)))
                .thenEntering(exchange -> manager);

        server.createContext("/", handler).getFilters().add(filter);
        // @end
        assertThat(get("/alice")).isEqualTo("Hello alice");
    }

    @Test
    void wrap() throws IOException {
        HttpHandler handler = HttpExamplesTest::greet;
        server.createContext("/",
                ExchangeFilter.entering(exchange -> REQUEST.session().where(USER, user(exchange))).wrap(handler));
        assertThat(get("/alice")).isEqualTo("Hello alice");
    }

    @Test
    void hold() throws IOException {
        server.createContext("/", exchange -> later(exchange, executor)).getFilters()
                .add(ExchangeFilter.entering(exchange -> REQUEST.session().where(USER, user(exchange))));
        assertThat(get("/alice")).isEqualTo("Hello alice");
    }

    // @start region="hold"
    static void later(HttpExchange exchange, Executor executor) {
        OpenScope hold = ExchangeFilter.hold();
        executor.execute(() -> {
            try (hold) {
                hold.call(() -> {
                    greet(exchange); // for the same user, with the same resources
                    return null;
                });
            } catch (IOException | RuntimeException failure) { // the client has gone, or its deadline has passed
                exchange.close(); // the hooks have seen it
            }
        });
    }
    // @end

    private String get(String path) throws IOException {
        try (RawClient client = new RawClient(server.getAddress().getPort())) {
            return client.get(path).body();
        }
    }
}
