package orders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static orders.Current.REQUEST_ID;
import static orders.Current.TENANT;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves the orders of some tenants over HTTP, each below a path of its name. */
final class OrderServer implements AutoCloseable {

    private static final Pattern ORDER = Pattern.compile("GET /\\w+/orders/(\\d{1,9})");
    private static final Pattern ORDERS_OF_CUSTOMER = Pattern.compile("GET /\\w+/customers/(\\d{1,9})/orders");
    private static final Pattern NEW_ORDER = Pattern.compile("POST /\\w+/orders");

    private final Threads threads = new Threads();
    private final OrderService service = new OrderService(threads.forWork());
    private final Requests requests;
    private final HttpServer http;

    private record Reply(int status, String page) {
    }

    OrderServer(List<Tenant> tenants) throws IOException {
        this.requests = new Requests(tenants);
        // Or else an answer waits 40 ms on JDK 17, for the client to acknowledge its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        http.setExecutor(threads.forRequests());
        http.createContext("/", this::serve);
        http.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** Returns how often a thread had a context where it should have none. */
    long contextLeaks() {
        return threads.leaks();
    }

    @Override
    public void close() throws InterruptedException {
        http.stop(0);
        threads.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        Reply reply = requests.received(exchange).call(() -> reply(exchange));
        byte[] page = reply.page().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(reply.status(), page.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(page);
        }
    }

    private Reply reply(HttpExchange exchange) {
        exchange.getResponseHeaders().set("X-Request-Id", REQUEST_ID.get());
        try {
            return requests.accepted(exchange).call(() -> route(exchange));
        } catch (HttpError e) {
            return new Reply(e.status, e.reason + "\n");
        } catch (Exception e) {
            e.printStackTrace();
            return new Reply(500, "request " + REQUEST_ID.get() + " failed\n");
        }
    }

    private Reply route(HttpExchange exchange) throws Exception {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        Matcher order = ORDER.matcher(request);
        if (order.matches()) {
            return new Reply(200, service.view(Long.parseLong(order.group(1))));
        }
        Matcher customer = ORDERS_OF_CUSTOMER.matcher(request);
        if (customer.matches()) {
            return new Reply(200, service.list(Long.parseLong(customer.group(1))));
        }
        if (NEW_ORDER.matcher(request).matches()) {
            long id = service.place(NewOrder.parse(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            String location = "/" + TENANT.get().name() + "/orders/" + id;
            exchange.getResponseHeaders().set("Location", location);
            return new Reply(201, location + "\n");
        }
        throw new HttpError(404, "no " + request);
    }
}
