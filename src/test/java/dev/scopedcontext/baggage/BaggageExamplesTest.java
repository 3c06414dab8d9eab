package dev.scopedcontext.baggage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.task.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the README and of the Javadoc: one service asks another. */
@ExtendWith(CleanThread.class)
class BaggageExamplesTest {

    static final ContextKey<String> TENANT = ContextKey.named("tenant");
    static final ContextKey<Locale> LOCALE = ContextKey.named("locale");
    static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");

    // @start region="declare"
    static final ContextBaggage BAGGAGE = ContextBaggage.builder()
            .member("tenant", TENANT)
            .member("locale", LOCALE, Locale::toLanguageTag, Locale::forLanguageTag)
            .header("x-request-id", REQUEST_ID)
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
            .build();
    // @end

    private final HttpClient client = HttpClient.newHttpClient();

    // @start region="send"
    String ask(URI service) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service);
        BAGGAGE.inject(request::setHeader);
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }
    // @end

    // @start region="receive"
    void handle(HttpExchange exchange) throws IOException {
        String page = BAGGAGE.extract(exchange.getRequestHeaders()::get).call(() -> page());
        answer(exchange, page);
    }
    // @end

    private static String page() {
        boolean inTime = Deadline.current().remaining().compareTo(Duration.ofSeconds(2)) <= 0;
        return TENANT.get() + ", " + LOCALE.get() + ", " + REQUEST_ID.get() + ", " + inTime;
    }

    private static void answer(HttpExchange exchange, String page) throws IOException {
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void oneServiceAsksAnother() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        try {
            URI service = new URI("http", null, server.getAddress().getHostString(), server.getAddress().getPort(), "/",
                    null, null);
            String page = Deadline.within(Duration.ofSeconds(2)).where(TENANT, "Café")
                    .where(LOCALE, Locale.CANADA_FRENCH)
                    .where(REQUEST_ID, "4711").<String, Exception>call(() -> ask(service));
            assertThat(page).isEqualTo("Café, fr_CA, 4711, true");
            assertThat(BAGGAGE.report()).isEqualTo(new BaggageReport(0, 0, 0, 0));
        } finally {
            server.stop(0);
        }
    }
}
