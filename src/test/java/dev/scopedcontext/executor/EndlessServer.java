package dev.scopedcontext.executor;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A server whose responses end when the client closes the connection. */
final class EndlessServer implements AutoCloseable {

    /** Counts the requests whose client has closed the connection. */
    final CountDownLatch stopped;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    EndlessServer(int requests) throws IOException {
        stopped = new CountDownLatch(requests);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (!closed.await(1, TimeUnit.MILLISECONDS)) {
                    body.write(new byte[1024]);
                    body.flush();
                }
            } catch (IOException | InterruptedException broken) {
                stopped.countDown();
            }
        });
        server.start();
    }

    URI uri() {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
