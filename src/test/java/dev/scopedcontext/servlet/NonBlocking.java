package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Requests that are read and answered without blocking a thread. */
final class NonBlocking {

    private static final int LARGE = 1 << 20;

    private NonBlocking() {
    }

    static void read(Told told, ServletRequest request, ServletResponse response) throws IOException {
        read(told, request, response, Integer.MAX_VALUE);
    }

    static void failToRead(Told told, ServletRequest request, ServletResponse response) throws IOException {
        read(told, request, response, 1);
    }

    private static void read(Told told, ServletRequest request, ServletResponse response, int most)
            throws IOException {
        AsyncContext async = ScenarioSteps.start(told, request, "first");
        ServletInputStream in = request.getInputStream();
        in.setReadListener(new ReadListener() {
            private final ByteArrayOutputStream body = new ByteArrayOutputStream();

            @Override
            public void onDataAvailable() throws IOException {
                while (in.isReady() && !in.isFinished()) {
                    body.write(in.read());
                    if (body.size() > most) {
                        throw new IOException("not here");
                    }
                }
            }

            @Override
            public void onAllDataRead() throws IOException {
                told.add("all data read");
                response.getWriter().print("read " + body);
                async.complete();
            }

            @Override
            public void onError(Throwable failure) {
                told.add("reading fails with " + failure);
                async.complete();
            }
        });
    }

    static void write(Told told, ServletRequest request, ServletResponse response) throws IOException {
        AsyncContext async = ScenarioSteps.start(told, request, "first");
        ServletOutputStream out = response.getOutputStream();
        out.setWriteListener(new WriteListener() {
            private int written;

            @Override
            public void onWritePossible() throws IOException {
                while (out.isReady()) {
                    if (written == LARGE) {
                        told.add("all data written");
                        async.complete();
                        return;
                    }
                    out.write(new byte[1 << 15]);
                    written += 1 << 15;
                }
            }

            @Override
            public void onError(Throwable failure) {
                told.add("writing fails with " + failure);
                async.complete();
            }
        });
    }
}
