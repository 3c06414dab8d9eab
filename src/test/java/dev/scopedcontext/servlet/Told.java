package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The order of events in one request, and a thread outside of the container. */
final class Told implements AutoCloseable {

    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final List<String> events = new ArrayList<>();
    private int ends;

    /** A step on another thread. */
    interface Step {

        void run() throws Exception;
    }

    /** Runs a step on another thread. */
    void elsewhere(Step step) {
        pool.execute(() -> {
            try {
                step.run();
            } catch (Exception failure) {
                add(failure.getClass().getSimpleName());
            }
        });
    }

    synchronized void add(String event) {
        events.add(event);
        notifyAll();
    }

    private synchronized void end(String event) {
        ends++;
        add(event);
    }

    /** Returns all events when some listeners have been told of the end, or when that has not come in two seconds. */
    synchronized List<String> await(int expected) throws InterruptedException {
        long until = System.nanoTime() + 2_000_000_000;
        while (ends < expected && System.nanoTime() < until) {
            wait(100);
        }
        for (int seen = -1; seen != events.size(); wait(50)) { // until it is quiet
            seen = events.size();
        }
        return List.copyOf(events);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    /** What a listener does in answer to an event. */
    interface Answer {

        /** Does nothing. */
        Answer NOTHING = event -> {
        };

        void to(AsyncEvent event) throws IOException;
    }

    AsyncListener listener(String name) {
        return listener(name, Answer.NOTHING);
    }

    /** Returns a listener that notes all events, and answers errors and timeouts. */
    AsyncListener listener(String name, Answer answer) {
        return listener(name, answer, Answer.NOTHING);
    }

    AsyncListener listener(String name, Answer answer, Answer ofStart) {
        return new AsyncListener() {
            @Override
            public void onComplete(AsyncEvent event) {
                end(name + " onComplete" + describe(event));
            }

            @Override
            public void onTimeout(AsyncEvent event) throws IOException {
                add(name + " onTimeout" + describe(event));
                answer.to(event);
            }

            @Override
            public void onError(AsyncEvent event) throws IOException {
                add(name + " onError" + describe(event));
                answer.to(event);
            }

            @Override
            public void onStartAsync(AsyncEvent event) throws IOException {
                add(name + " onStartAsync" + describe(event));
                ofStart.to(event);
            }
        };
    }

    private static String describe(AsyncEvent event) {
        Throwable failure = event.getThrowable();
        boolean ofTheSocket = failure instanceof IOException && !"not here".equals(failure.getMessage());
        return " " + (ofTheSocket ? "an IOException" : failure)
                + (event.getSuppliedRequest() == null ? "" : " with a request");
    }
}
