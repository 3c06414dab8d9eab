package dev.scopedcontext.spring.users;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that close their connections with a reset, in the middle of a request. */
final class AbortingClients {

    private static final int THREADS = 4;

    private final int port;
    private final Records records;
    private final UserPages pages;
    private final AtomicInteger count = new AtomicInteger();

    AbortingClients(int port, Records records, UserPages pages) {
        this.port = port;
        this.records = records;
        this.pages = pages;
    }

    /** Where a client closes its connection. */
    enum Moment {
        IN_HEADERS, IN_UPLOAD, BEFORE_ANSWER, IN_ANSWER
    }

    /**
     * A client.
     *
     * @param moment where it closes its connection
     * @param user the user
     * @param id the id of its request
     */
    record Aborted(Moment moment, String user, String id) {

        /** Returns whether the right hooks were called: of the request, and of its error page if there is one. */
        boolean isRight(List<String> ends) {
            List<String> ofRequest = failures("request: ", ends);
            List<String> ofLogin = failures("login of " + user + ": ", ends);
            return ofRequest.equals(ofLogin) && ends.size() == 2 * ofRequest.size() && switch (moment) {
                case IN_HEADERS -> ends.isEmpty();
                case IN_UPLOAD -> ofRequest.size() <= 2 && ofRequest.contains(Records.GONE);
                case BEFORE_ANSWER -> ofRequest.equals(List.of("null")) || ofRequest.equals(List.of(Records.GONE));
                case IN_ANSWER -> ofRequest.equals(List.of(Records.GONE));
            };
        }

        private static List<String> failures(String session, List<String> ends) {
            return ends.stream().filter(end -> end.startsWith(session)).map(end -> end.substring(session.length()))
                    .toList();
        }
    }

    /** Lets each moment happen a number of times. */
    List<Aborted> run(int times) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Aborted>> clients = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                for (Moment moment : Moment.values()) {
                    clients.add(() -> abort(moment));
                }
            }
            List<Aborted> all = new ArrayList<>();
            for (Future<Aborted> aborted : threads.invokeAll(clients, 60, TimeUnit.SECONDS)) {
                all.add(aborted.get());
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }

    private Aborted abort(Moment moment) throws IOException, InterruptedException {
        int number = count.incrementAndGet();
        String user = "user" + number % UserRequest.USERS;
        String id = user + "-aborted-" + number;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoLinger(true, 0); // closes with a reset
            String headers = "Host: localhost\r\nX-Id: " + id + "\r\nAuthorization: "
                    + UserRequest.credentials(user, true) + "\r\n";
            switch (moment) {
                case IN_HEADERS -> send(socket, "GET /layers HTTP/1.1\r\n" + headers);
                case IN_UPLOAD -> {
                    send(socket, "POST /upload HTTP/1.1\r\n" + headers
                            + "Content-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\nbegin");
                    records.awaitArrival(id);
                }
                case BEFORE_ANSWER -> {
                    send(socket, "GET /unanswered HTTP/1.1\r\n" + headers + "\r\n");
                    records.awaitArrival(id);
                }
                case IN_ANSWER -> {
                    send(socket, "GET /endless HTTP/1.1\r\n" + headers + "\r\n");
                    records.awaitArrival(id);
                    if (socket.getInputStream().read() != 'H') {
                        throw new AssertionError("no answer");
                    }
                }
            }
        }
        if (moment == Moment.BEFORE_ANSWER) {
            pages.answer(id);
        }
        return new Aborted(moment, user, id);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
