package dev.scopedcontext.slf4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

/** The examples of the README and of the Javadoc. */
@ExtendWith(CleanThread.class)
class Slf4jExamplesTest {

    record User(String name) {
    }

    // @start region="mirror"
    static final ContextKey<String> REQUEST_ID = ContextKey.<String>builder("request id")
            .mirror(MdcMirror.to("requestId"))
            .build();
    static final ContextKey<User> USER = ContextKey.<User>builder("user")
            .mirror(MdcMirror.to("user", User::name))
            .build();
    // @end

    private final List<String> log = new ArrayList<>();

    @Test
    void mirror() {
        ScopedContext.where(REQUEST_ID, "r1").where(USER, new User("alice")).run(this::handle);
        assertThat(log).containsExactly("r1 alice null");
    }

    @Test
    void carrier() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            ExecutorService executor = ContextExecutors.propagating(threads);
            MDC.put("node", "n1");
            // @start region="carrier"
            ScopedContext.where(REQUEST_ID, "r1").carrying(MdcCarrier.all()).run(() -> handle());
            // @end
            ScopedContext.where(REQUEST_ID, "r2").carrying(MdcCarrier.all())
                    .call(() -> executor.submit(this::handle)).get();
            assertThat(log).containsExactly("r1 null n1", "r2 null n1");
        } finally {
            MDC.clear();
            threads.shutdownNow();
        }
    }

    private void handle() {
        log.add(MDC.get("requestId") + " " + MDC.get("user") + " " + MDC.get("node"));
    }
}
