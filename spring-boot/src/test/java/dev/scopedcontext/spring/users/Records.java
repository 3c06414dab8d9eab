package dev.scopedcontext.spring.users;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The events of one application: sessions and beans by the id of the request, and the threads that it used. */
final class Records {

    /** The failure of a request whose client has closed the connection. */
    static final String GONE = "IOException";

    /** The hooks that were called, in order, with the failures. */
    private final Map<String, List<String>> ends = new ConcurrentHashMap<>();

    private final Map<String, CountDownLatch> arrivals = new ConcurrentHashMap<>();

    /** The threads on which a user was seen. */
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();

    final AtomicInteger beansCreated = new AtomicInteger();
    final AtomicInteger beansDestroyed = new AtomicInteger();
    final AtomicInteger hooks = new AtomicInteger();

    /** What must never happen. */
    final Set<String> faults = ConcurrentHashMap.newKeySet();

    void ended(String session, String id, @Nullable Throwable failure) {
        hooks.incrementAndGet();
        List<String> ofRequest = ends.computeIfAbsent(id, any -> new ArrayList<>());
        synchronized (ofRequest) {
            ofRequest.add(session + ": " + describe(failure));
        }
    }

    /** Returns the message of the exception that the application has thrown, or else the type of the failure. */
    private static String describe(@Nullable Throwable failure) {
        String type = "null";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UserException) {
                return String.valueOf(cause.getMessage());
            }
            if (cause instanceof IOException) {
                return GONE;
            }
            type = cause.getClass().getSimpleName();
        }
        return type;
    }

    /**
     * Returns the hooks that were called for a request, sorted: in some servers, an error page is inside the scope of
     * its request.
     */
    List<String> endsOf(String id) {
        List<String> ofRequest = ends.getOrDefault(id, List.of());
        synchronized (ofRequest) {
            return ofRequest.stream().sorted().toList();
        }
    }

    /** Waits until all sessions have ended, and have destroyed their beans. Each session has one bean. */
    void awaitEnds() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (beansCreated.get() != beansDestroyed.get() || hooks.get() != beansDestroyed.get()) {
            if (System.nanoTime() > until) {
                throw new AssertionError(beansCreated + " beans created, " + beansDestroyed + " destroyed, " + hooks
                        + " hooks called");
            }
            Thread.sleep(10);
        }
    }

    void arrived(String id) {
        arrival(id).countDown();
    }

    /** Waits for a request to reach its controller. */
    void awaitArrival(String id) throws InterruptedException {
        if (!arrival(id).await(30, TimeUnit.SECONDS)) {
            throw new AssertionError(id + " has not arrived");
        }
    }

    private CountDownLatch arrival(String id) {
        return arrivals.computeIfAbsent(id, any -> new CountDownLatch(1));
    }

    void connected(int port) {
        connections.add(port);
    }

    /** Returns the number of ports of clients. */
    int connections() {
        return connections.size();
    }

    void seenOn(Thread thread) {
        threads.add(thread);
    }

    Set<Thread> threads() {
        return threads;
    }
}
