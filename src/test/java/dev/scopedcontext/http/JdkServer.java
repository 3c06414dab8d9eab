package dev.scopedcontext.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.scopedcontext.executor.WatchedTasks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** An HTTP server of the JDK whose threads are watched. */
final class JdkServer implements AutoCloseable {

    static {
        // Or else an answer waits 40 ms on JDK 17, for the client to acknowledge its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final WatchedTasks watched = new WatchedTasks();
    private final ExecutorService executor;
    private final HttpServer server;

    JdkServer(ThreadFactory threads, HttpHandler handler, Filter... filters) throws IOException {
        executor = Executors.newFixedThreadPool(16, threads);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(watched.watch(executor));
        server.createContext("/", handler).getFilters().addAll(List.of(filters));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    WatchedTasks watched() {
        return watched;
    }

    /** Answers with a body. */
    static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
