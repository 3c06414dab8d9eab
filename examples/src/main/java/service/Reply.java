package service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import org.slf4j.Logger;

/** The response to a request. */
public record Reply(int status, String text) {

    /** Returns the reply of a service, or one for its failure, and logs it. */
    public static Reply of(Callable<Reply> service, Logger log) {
        try {
            Reply reply = service.call();
            log.info("answers {}", reply.status());
            return reply;
        } catch (HttpError e) {
            log.info("answers {}, {}", e.status, e.reason);
            return new Reply(e.status, e.reason + "\n");
        } catch (Exception e) {
            log.error("answers 500", e);
            return new Reply(500, "failed\n");
        }
    }

    /** Sends this reply. */
    public void send(HttpExchange exchange) throws IOException {
        Span.current().setAttribute("http.response.status_code", status);
        byte[] body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
