package dev.scopedcontext.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** Tells that the filters inside of this one, and the handler, have returned. */
final class Returning extends Filter {

    private final CountDownLatch returned;

    Returning(CountDownLatch returned) {
        this.returned = returned;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        try {
            chain.doFilter(exchange);
        } finally {
            returned.countDown();
        }
    }

    @Override
    public String description() {
        return "tells that the handler has returned";
    }
}
