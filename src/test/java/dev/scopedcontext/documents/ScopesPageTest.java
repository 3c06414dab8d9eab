package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/scopes.md. */
@ExtendWith(CleanThread.class)
class ScopesPageTest {

    // @start region="keys"
    static final ContextKey<String> USER = ContextKey.named("user");
    static final ContextKey<String> TENANT = ContextKey.named("tenant");

    static String page() {
        return "Hello " + USER.get();
    }
    // @end

    private final List<String> events = new ArrayList<>();

    @Test
    void attach() {
        // @start region="attach"
        try (Attachment attached = ScopedContext.where(USER, "alice").attach()) {
            System.out.println(page());
        }
        // @end
        assertThat(USER.isBound()).isFalse();
    }

    // @start region="callback"
    static final class RequestListener {

        private Attachment attached;

        void requestStarted(String user) {
            attached = ScopedContext.where(USER, user).attach();
        }

        void requestEnded() {
            attached.close();
        }
    }
    // @end

    @Test
    void callback() {
        RequestListener listener = new RequestListener();
        listener.requestStarted("alice");
        assertThat(page()).isEqualTo("Hello alice");
        listener.requestEnded();
        assertThat(USER.isBound()).isFalse();
    }

    // @start region="two-exceptions"
    interface Page {

        String read() throws IOException, TimeoutException;
    }

    static String readAs(String user, Page page) throws IOException, TimeoutException {
        try (Attachment attached = ScopedContext.where(USER, user).attach()) {
            return page.read();
        }
    }
    // @end

    @Test
    void twoCheckedExceptions() throws Exception {
        assertThat(readAs("alice", () -> page())).isEqualTo("Hello alice");
    }

    @Test
    void onExit() {
        // @start region="on-exit"
        ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.onExit(failure -> System.out.println(failure == null ? "commit" : "roll back"));
            System.out.println(page());
        });
        // @end
    }

    @Test
    void markFailed() {
        String response = ScopedContext.where(USER, "alice").call(() -> {
            ScopedContext.onExit(failure -> events.add(failure == null ? "commit" : "roll back"));
            return respond("");
        });
        assertThat(response).isEqualTo("400 empty request");
        assertThat(events).containsExactly("roll back");
    }

    // @start region="mark-failed"
    static String respond(String request) {
        try {
            return process(request);
        } catch (IllegalArgumentException failure) {
            ScopedContext.markFailed(failure); // hooks get the failure, and roll back
            return "400 " + failure.getMessage();
        }
    }

    static String process(String request) {
        if (request.isEmpty()) {
            throw new IllegalArgumentException("empty request");
        }
        return "200 " + request;
    }
    // @end

    @Test
    void pieces() throws Exception {
        // @start region="pieces"
        OpenScope scope = ScopedContext.where(USER, "alice").open();
        scope.run(() -> System.out.println(page()));
        Thread other = new Thread(() -> scope.run(() -> System.out.println(page())));
        other.start();
        other.join();
        scope.close();
        // @end
    }

    @Test
    void enclosing() {
        // @start region="enclosing"
        ScopeOpener request = ScopedContext.where(TENANT, "shop")
                .enclosing(() -> ScopedContext.where(USER, "alice of " + TENANT.get()));
        String greeting = request.call(() -> page());
        // @end
        assertThat(greeting).isEqualTo("Hello alice of shop");
    }

    // @start region="opener"
    /** Reports how long each scope is open. */
    static final class Timed implements ScopeOpener {

        private final Consumer<Duration> report;

        Timed(Consumer<Duration> report) {
            this.report = report;
        }

        @Override
        public OpenScope open() {
            long start = System.nanoTime();
            return OpenScope.sharing(new OpenScope() {

                @Override
                public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
                    return op.call(); // set up the thread for this piece here, and restore it in a finally block
                }

                @Override
                public void close(Throwable failure) { // null if the work has succeeded
                    report.accept(Duration.ofNanos(System.nanoTime() - start));
                }
            });
        }
    }
    // @end

    @Test
    void opener() {
        // @start region="use-opener"
        ScopeOpener timed = new Timed(time -> System.out.println("took " + time));
        String greeting = timed.enclosing(() -> ScopedContext.where(USER, "alice")).call(() -> page());
        // @end
        assertThat(greeting).isEqualTo("Hello alice");
    }

    @Test
    void theScopeOfAnOpenerIsClosedOnceByItsLastHolder() {
        OpenScope scope = new Timed(time -> events.add("closed")).open();
        OpenScope holder = scope.hold();
        scope.close();
        scope.close();
        assertThat(events).isEmpty();
        holder.close();
        assertThat(events).containsExactly("closed");
        assertThatThrownBy(() -> scope.run(() -> events.add("run"))).isInstanceOf(IllegalStateException.class);
    }
}
