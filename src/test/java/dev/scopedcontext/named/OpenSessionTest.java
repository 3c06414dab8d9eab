package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.support.OnThread;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions for work that comes in pieces. */
@ExtendWith(CleanThread.class)
class OpenSessionTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();

    private final NamedContext request = NamedContext.named("request")
            .onSessionExit(failure -> events.add("hook " + (failure == null ? null : failure.getMessage())));
    private final ContextKey<String> user = request.key("user", String.class);
    private final ResourceKey<String> db = request.resource("db", String.class, () -> "db" + opened.incrementAndGet(),
            instance -> events.add("close " + instance));

    @Test
    void piecesShareValuesAndResources() throws Exception {
        OpenScope session = request.session().where(user, "alice").open();
        assertThat(session.<String, RuntimeException>call(db::get)).isEqualTo("db1");
        OnThread.run(() -> session.run(() -> assertThat(db.get() + user.get()).isEqualTo("db1alice")));
        assertThat(request.isActive()).isFalse();
        assertThat(events).isEmpty();
        session.close();
        assertThat(events).containsExactly("hook null", "close db1");
    }

    @Test
    void isClosedOnceOnWhateverThread() throws Exception {
        OpenScope session = request.session().open();
        session.run(db::get);
        OnThread.run(() -> session.close(new IllegalStateException("late")));
        session.close();
        assertThat(events).containsExactly("hook late", "close db1");
        assertThatThrownBy(() -> session.run(db::get)).isInstanceOf(IllegalStateException.class)
                .hasMessage("Open Session of request [] is closed: no code can run in it any more");
    }

    @Test
    void aPieceOfASessionIsNoOverlayOfItOnAnyThread() throws Exception {
        request.onSessionExit(failure -> events.add("overlaid " + request.isOverlaid()));
        OpenScope session = request.session().open();
        OnThread.run(() -> session.run(() -> events.add("overlaid " + request.isOverlaid())));
        OnThread.run(session::close);
        assertThat(events).contains("overlaid false", "hook null").doesNotContain("overlaid true");
    }

    @Test
    void hooksThatAreAddedToTheContextLaterAreThoseOfLaterSessions() {
        OpenScope session = request.session().open();
        request.onSessionExit(failure -> events.add("too late"));
        session.close();
        assertThat(events).containsExactly("hook null");
    }

    @Test
    void whatHooksThrowIsSuppressedIntoTheFailure() {
        IllegalStateException thrown = new IllegalStateException("hook");
        request.onSessionExit(failure -> {
            throw thrown;
        });
        Exception failure = new Exception("work");
        request.session().open().close(failure);
        assertThat(failure).hasSuppressedException(thrown);
        assertThatThrownBy(request.session().open()::close).isSameAs(thrown);
        assertThat(events).containsExactly("hook work", "hook hook");
    }

    @Test
    void aFailureOfAPieceIsThrownOnAndEndsNothing() {
        Exception failure = new Exception("piece");
        OpenScope session = request.session().open();
        assertThatThrownBy(() -> session.call(() -> {
            throw failure;
        })).isSameAs(failure);
        assertThat(events).isEmpty();
        session.close(failure);
        assertThat(events).containsExactly("hook piece");
    }

    /** As a task that outlives its session: values are those it had, resources are gone. */
    @Test
    void aPieceThatIsStillRunningFindsResourcesGone() throws Exception {
        OpenScope session = request.session().where(user, "alice").open();
        CountDownLatch used = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        FutureTask<Void> piece = new FutureTask<>(() -> session.call(() -> {
            assertThat(db.get()).isEqualTo("db1");
            used.countDown();
            closed.await();
            assertThat(user.get()).isEqualTo("alice");
            assertThat(request.isActive()).isFalse();
            assertThatThrownBy(db::get).isInstanceOf(UnboundContextException.class).hasMessageContaining("is gone");
            return null;
        }));
        new Thread(piece).start();
        used.await();
        session.close();
        assertThat(events).containsExactly("hook null", "close db1");
        closed.countDown();
        piece.get();
    }

    @Test
    void aPieceMayCloseItsOwnSession() {
        OpenScope session = request.session().open();
        session.run(() -> {
            db.get();
            session.close();
            assertThat(events).containsExactly("hook null", "close db1");
            assertThatThrownBy(db::get).isInstanceOf(UnboundContextException.class);
        });
    }

    @Test
    void aPieceHidesTheSessionAroundIt() {
        OpenScope session = request.session().open();
        request.session().where(user, "outer").run(() -> session.run(() -> assertThat(user.isBound()).isFalse()));
        session.close();
    }

    @Test
    void anOpenOverlaySharesTheResourcesOfItsSessionAndClosesNone() {
        request.session().where(user, "alice").run(() -> {
            assertThat(db.get()).isEqualTo("db1");
            try (OpenScope overlay = request.overlay().open()) {
                overlay.run(() -> assertThat(db.get() + user.get()).isEqualTo("db1alice"));
            }
            assertThat(events).containsExactly("hook null");
            assertThat(db.get()).isEqualTo("db1");
        });
        assertThat(events).containsExactly("hook null", "hook null", "close db1");
    }

    /** The thread that opened the session keeps its own from piece to piece; other pieces are tasks. */
    @Test
    void aPieceOnAnotherThreadHasItsOwnOfWhatIsPerTask() throws Exception {
        ResourceKey<String> own = request.resource("own", String.class, () -> "own" + opened.incrementAndGet(),
                instance -> events.add("close " + instance)).perTask();
        OpenScope session = request.session().open();
        session.run(() -> assertThat(own.get()).isEqualTo("own1"));
        OnThread.call(Thread::new, () -> session.call(() -> assertThat(own.get()).isEqualTo("own2")));
        session.run(() -> assertThat(own.get()).isEqualTo("own1"));
        assertThat(events).containsExactly("close own2");
        session.close();
        assertThat(events).containsExactly("close own2", "hook null", "close own1");
    }
}
