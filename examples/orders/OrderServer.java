package orders;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/** Serves some shops over HTTP, each below a path of its name. */
final class OrderServer implements AutoCloseable {

    private final Threads threads = new Threads();
    private final HttpServer http;

    OrderServer(List<Tenant> tenants) throws IOException {
        // Or else an answer waits 40 ms on JDK 17, for the client to acknowledge its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        http.setExecutor(threads.forRequests());
        List<Shop> shops = tenants.stream().map(tenant -> new Shop(tenant, threads.forWork())).toList();
        shops.get(0).partnerWith(shops.get(1));
        for (Shop shop : shops) {
            http.createContext("/" + shop.name() + "/", shop::serve).getFilters().add(shop.filter());
        }
        http.createContext("/", OrderServer::refuse);
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

    private static void refuse(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("X-Request-Id", Requests.id(exchange));
        exchange.sendResponseHeaders(400, -1);
        exchange.close();
    }
}
