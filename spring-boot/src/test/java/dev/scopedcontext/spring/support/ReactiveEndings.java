package dev.scopedcontext.spring.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The ends of scopes, in their order. */
public final class ReactiveEndings {

    private final BlockingQueue<Ending> endings = new LinkedBlockingQueue<>();

    /**
     * The end of a scope.
     *
     * @param user the user whose scope it was
     * @param failure the failure, or null
     * @param thread the thread
     */
    public record Ending(String user, Throwable failure, Thread thread) {
    }

    public void add(String user, Throwable failure) {
        endings.add(new Ending(user, failure, Thread.currentThread()));
    }

    /** Waits for the next end. */
    public Ending next() throws InterruptedException {
        Ending next = endings.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("No scope has ended");
        }
        return next;
    }

    /** Removes and returns the ends that nobody has waited for. */
    public List<Ending> drain() {
        List<Ending> rest = new ArrayList<>();
        endings.drainTo(rest);
        return rest;
    }
}
