package dev.scopedcontext.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many clients who ask for {@code /kind/name}, each with a name of its own: one after the other on connections
 * that are kept. Some read slowly, some hang up before they have read.
 */
public final class Traffic {

    /** How long a large body is: it is sent in many pieces. */
    public static final int LARGE = 1 << 20;

    private static final int CLIENTS = 16;
    private static final int REQUESTS = Integer.getInteger("traffic.requests", 60);

    private final int port;
    private final List<String> kinds;
    private final Collection<String> names = new ConcurrentLinkedQueue<>();

    /** Prepares requests of some kinds, in turn. */
    public Traffic(int port, String... kinds) {
        this.port = port;
        this.kinds = List.of(kinds);
    }

    /** Sends all requests, reads what is to be read, and returns the names. */
    public Collection<String> run() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            running.add(clients.submit(() -> client(client)));
        }
        for (Future<?> client : running) {
            client.get();
        }
        clients.shutdown();
        return names;
    }

    private Void client(int client) throws IOException {
        try (RawClient http = new RawClient(port)) {
            for (int i = 0; i < REQUESTS; i++) {
                String kind = kinds.get((client + i) % kinds.size());
                String name = client + "-" + i;
                names.add(name);
                ask(http, kind, name, kind.equals("large") && i % 2 == 0);
            }
        }
        return null;
    }

    private static void ask(RawClient http, String kind, String name, boolean hangsUp) throws IOException {
        http.send("/" + kind + "/" + name);
        if (hangsUp) {
            http.readStatus();
            http.hangUp();
            return;
        }
        try {
            check(http.read(), kind, name);
        } catch (IOException serverHungUp) {
            if (!kind.equals("throw") && !kind.equals("error")) {
                throw serverHungUp;
            }
            http.close();
        }
    }

    private static void check(RawClient.Answer answer, String kind, String name) {
        boolean asExpected = switch (kind) {
            case "throw", "error", "timeout" -> answer.status() == 500;
            case "large" -> answer.body().length() == LARGE;
            default -> answer.status() == 200 && answer.body().equals(name);
        };
        if (!asExpected) {
            throw new AssertionError(kind + " " + name + " was answered: " + answer);
        }
    }
}
