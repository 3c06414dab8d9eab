package dev.scopedcontext.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.support.OnThread;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many exchanges at once never meet, and leave nothing behind. */
@Tag("slow")
@ExtendWith(CleanThread.class)
class ExchangeLoadTest {

    private final Visits visits = new Visits();

    static Collection<ThreadFactory> threads() {
        return OnThread.kinds();
    }

    @ParameterizedTest
    @MethodSource("threads")
    void exchangesNeverMeet(ThreadFactory threads) throws Exception {
        ExchangeFilter filter = ExchangeFilter.entering(exchange -> visits.visit(name(exchange)));
        try (visits; JdkServer server = new JdkServer(threads, this::serve, filter)) {
            Traffic traffic = new Traffic(server.port(), "plain", "fork", "held", "large", "throw");
            visits.assertAllWell(traffic.run());
            server.watched().assertClean();
        }
    }

    private static String name(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().split("/", 3)[2];
    }

    private void serve(HttpExchange exchange) throws IOException {
        String kind = exchange.getRequestURI().getPath().split("/", 3)[1];
        String name = name(exchange);
        visits.step(name);
        switch (kind) {
            case "throw" -> throw new IOException("as it was asked to");
            case "large" -> JdkServer.answer(exchange, new byte[Traffic.LARGE]);
            case "held" -> finishElsewhere(exchange, name);
            case "fork" -> {
                visits.fork(name);
                finish(exchange, name);
            }
            default -> finish(exchange, name);
        }
    }

    private void finishElsewhere(HttpExchange exchange, String name) {
        OpenScope hold = ExchangeFilter.hold();
        visits.elsewhere(() -> {
            try (hold) {
                return hold.call(() -> finish(exchange, name));
            }
        });
    }

    private Void finish(HttpExchange exchange, String name) throws IOException {
        visits.step(name);
        JdkServer.answer(exchange, name.getBytes(UTF_8));
        visits.step(name);
        return null;
    }
}
