package service;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.scopedcontext.http.ExchangeFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/** An HTTP server on a port of its own. */
public final class Server implements AutoCloseable {

    private final Threads threads;
    private final HttpServer http;

    /** Starts a server on these threads, which end with it. */
    public Server(Threads threads) throws IOException {
        // Otherwise a response waits 40 ms on JDK 17, until the client has acknowledged its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.threads = threads;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        http.setExecutor(threads.forRequests());
        http.start();
    }

    /** Serves all requests under a path, behind filters. */
    public void serve(String path, HttpHandler handler, ExchangeFilter... filters) {
        http.createContext(path, handler).getFilters().addAll(List.of(filters));
    }

    /** Returns the address for requests. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** Stops listening, and waits for tasks that are still running. */
    @Override
    public void close() throws InterruptedException {
        http.stop(0);
        threads.close();
    }
}
