package dev.scopedcontext.spring.support;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Records how the sessions of requests end, by the id of the request. */
public final class ServletSessions {

    private final Map<String, BlockingQueue<Optional<Throwable>>> ends = new ConcurrentHashMap<>();

    /** Records the end of a session, from its exit hook. */
    public void ended(String request, @Nullable Throwable failure) {
        of(request).add(Optional.ofNullable(failure));
    }

    private BlockingQueue<Optional<Throwable>> of(String request) {
        return ends.computeIfAbsent(request, id -> new LinkedBlockingQueue<>());
    }

    /** Waits for the end of a session of a request, and returns its failure. */
    public @Nullable Throwable failureOf(String request) throws InterruptedException {
        Optional<Throwable> failure = of(request).poll(30, SECONDS);
        assertThat(failure).as("end of " + request).isNotNull();
        return failure.orElse(null);
    }

    /** Checks that no other session of a request has ended. */
    public void assertNoMore(String request) {
        List<Optional<Throwable>> more = new ArrayList<>(of(request));
        assertThat(more).as("more ends of " + request).isEmpty();
    }
}
