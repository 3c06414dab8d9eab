package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Scopes that the application implements, has kept or shares among requests. */
@ExtendWith(CleanThread.class)
class ApplicationScopeTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<OpenScope> opened = new CopyOnWriteArrayList<>();
    private final AtomicInteger number = new AtomicInteger();
    private final SilentContainer container = new SilentContainer();

    private final NamedContext session = NamedContext.named("session")
            .onSessionExit(failure -> events.add("session " + failure));
    private final ResourceKey<String> db = session.resource("db", String.class, () -> "db" + number.incrementAndGet(),
            closed -> events.add("close " + closed)).perTask();
    private final NamedContext request = NamedContext.named("request")
            .onSessionExit(failure -> events.add("request " + failure));

    private final RequestFilter transaction = RequestFilter.entering(request -> Transaction::new);
    private final RequestFilter kept = RequestFilter.entering(request -> () -> {
        opened.add(session.session().open());
        return opened.get(0);
    });

    /** A scope that binds nothing. */
    private final class Transaction implements OpenScope {

        @Override
        public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
            return op.call();
        }

        @Override
        public void close(@Nullable Throwable failure) {
            events.add(failure == null ? "commit" : "roll back " + failure.getMessage());
        }
    }

    private void mark(String message) throws Exception {
        container.request((inside, response) -> ScopedContext.markFailed(new IllegalStateException(message)),
                transaction);
    }

    @Test
    void markIsToldToAScopeThatBindsNothing() throws Exception {
        mark("handled");
        assertThat(events).containsExactly("roll back handled");
    }

    @Test
    void nextRequestInTheScopeAroundIsNotToldTheMark() throws Exception {
        ScopedContext.where(KEY, "around").<Void, Exception>call(() -> {
            ScopedContext.onExit(failure -> events.add("around " + failure));
            mark("handled");
            container.request((inside, response) -> events.add("next"), transaction);
            return null;
        });
        assertThat(events).containsExactly("roll back handled", "next", "commit",
                "around java.lang.IllegalStateException: handled");
    }

    @Test
    void failureIsThrownAndToldAfterTheApplicationHasClosedTheScope() {
        ServletException thrown = new ServletException("thrown");
        assertThatThrownBy(() -> container.request((inside, response) -> {
            opened.get(0).close();
            throw thrown;
        }, kept)).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(events).containsExactly("session " + thrown);
    }

    @Test
    void scopesInsideOneThatTheApplicationHasClosedEnd() throws Exception {
        RequestFilter inner = RequestFilter.entering(request -> this.request.session());
        container.request((inside, response) -> {
            db.get();
            opened.get(0).close();
            inside.startAsync();
        }, kept, inner);
        assertThat(events).isEmpty();
        container.report(AsyncListener::onError);
        String failure = "java.lang.IllegalStateException: The asynchronous request has failed";
        assertThat(events).containsExactly("request " + failure, "session " + failure, "close db1");
        inner.destroy();
        kept.destroy();
        assertThat(events).hasSize(3);
    }

    @Test
    void requestLeavesASessionThatItSharesWithOthersToItsOpener() throws Exception {
        OpenScope shared = session.session().open();
        RequestFilter filter = RequestFilter.entering(request -> shared::hold);
        container.request((inside, response) -> {
            events.add("insert " + db.get());
            FutureTask<RequestScopes> other = new FutureTask<>(() -> container.request((asked, answer) -> {
            }, filter));
            new Thread(other).start();
            try {
                other.get();
            } catch (Exception failure) {
                throw new ServletException(failure);
            }
            events.add("insert " + db.get());
        }, filter);
        shared.close();
        assertThat(events).containsExactly("insert db1", "insert db1", "session null", "close db1");
    }
}
