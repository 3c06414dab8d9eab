package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.support.OnThread;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hooks of a session that another thread ends use what its opener has opened per task. */
@ExtendWith(CleanThread.class)
class EndOnAnotherThreadTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();

    private final NamedContext request = NamedContext.named("request").onSessionExit(this::endTransaction);
    private final ResourceKey<String> db = request
            .resource("db", String.class, () -> "db" + opened.incrementAndGet(),
                    closed -> events.add("close " + closed))
            .perTask();

    private void endTransaction(Throwable failure) {
        if (request.isOverlaid()) {
            events.add("overlaid " + (db.isOpen() ? db.get() : "not open"));
        } else if (db.isOpen()) {
            events.add((failure == null ? "commit " : "roll back ") + db.get());
        }
    }

    private void insert() {
        events.add("insert " + db.get());
    }

    private static void elsewhere(OnThread.Body body) throws Exception {
        OnThread.call(Thread::new, () -> {
            body.run();
            return null;
        });
    }

    @Test
    void whatTheOpenerInsertedIsCommittedBeforeItIsClosed() throws Exception {
        OpenScope session = request.session().open();
        session.run(this::insert);
        elsewhere(session::close);
        assertThat(events).containsExactly("insert db1", "commit db1", "close db1");
    }

    @Test
    void whatTheOpenerInsertedIsRolledBackBeforeItIsClosed() throws Exception {
        OpenScope session = request.session().open();
        session.run(this::insert);
        elsewhere(() -> session.close(new IllegalStateException("work")));
        assertThat(events).containsExactly("insert db1", "roll back db1", "close db1");
    }

    @Test
    void onEachKindOfThread() throws Exception {
        OnThread.run(() -> {
            OpenScope session = request.session().open();
            session.run(this::insert);
            FutureTask<Void> end = new FutureTask<>(session::close, null);
            new Thread(end).start();
            end.get();
        });
        String all = String.join(", ", events);
        assertThat(all).startsWith("insert db1, commit db1, close db1");
        assertThat(events).hasSize(3 * OnThread.kinds().size());
    }

    @Test
    void whatAHookOpensIsClosedAfterAllHooks() throws Exception {
        NamedContext other = NamedContext.named("other");
        ResourceKey<String> log = other
                .resource("log", String.class, () -> "log", closed -> events.add("close " + closed)).perTask();
        other.onSessionExit(failure -> events.add("last hook"));
        other.onSessionExit(failure -> events.add("write to " + log.get()));
        OpenScope session = other.session().open();
        session.run(() -> events.add("piece"));
        elsewhere(session::close);
        assertThat(events).containsExactly("piece", "write to log", "last hook", "close log");
    }

    @Test
    void pieceThatStillRunsOnTheThreadOfTheOpenerFindsItGone() throws Exception {
        CountDownLatch inserted = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        NamedContext slow = NamedContext.named("slow");
        ResourceKey<String> own = slow
                .resource("own", String.class, () -> "own", closed -> events.add("close " + closed)).perTask();
        slow.onSessionExit(failure -> {
            ending.countDown();
            awaitUninterrupted(looked);
            events.add("commit " + own.get());
        });
        FutureTask<OpenScope> open = new FutureTask<>(() -> slow.session().open());
        FutureTask<Void> piece = new FutureTask<>(() -> open.get().call(() -> {
            events.add("insert " + own.get());
            inserted.countDown();
            ending.await();
            try {
                assertThat(own.isOpen()).isFalse();
                assertThat(own.isBound()).isFalse();
                assertThatThrownBy(own::get).isInstanceOf(UnboundContextException.class)
                        .hasMessage("ResourceKey[slow.own] is gone: the session of context 'slow' that it was a part"
                                + " of has ended. Use it before that, or in another session if the work outlives"
                                + " this one");
            } finally {
                looked.countDown();
            }
            return null;
        }));
        new Thread(() -> {
            open.run();
            piece.run();
        }).start();
        inserted.await();
        open.get().close();
        piece.get();
        assertThat(events).containsExactly("insert own", "commit own", "close own");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interruption) {
            throw new AssertionError(interruption);
        }
    }

    /** What a piece on another thread has of its own is closed at the end of that piece, as that of a task. */
    @Test
    void pieceOnAnotherThreadThatEndsTheSessionKeepsItsOwnToItsEnd() throws Exception {
        OpenScope session = request.session().open();
        session.run(this::insert);
        elsewhere(() -> session.run(() -> {
            insert();
            session.close();
            events.add("closed");
        }));
        assertThat(events).containsExactly("insert db1", "insert db2", "commit db1", "close db1", "closed",
                "close db2");
    }

    @Test
    void overlayThatEndsElsewhereLeavesToTheSessionWhatIsItsOwn() throws Exception {
        request.session().run(() -> {
            OpenScope overlay = request.overlay().open();
            overlay.run(this::insert);
            FutureTask<Void> end = new FutureTask<>(overlay::close, null);
            new Thread(end).start();
            join(end);
            insert();
        });
        assertThat(events).containsExactly("insert db1", "overlaid not open", "insert db1", "commit db1",
                "close db1");
    }

    private static void join(FutureTask<?> task) {
        try {
            task.get();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void overlayInsideOfASessionThatEndsWithItSharesItInItsHooks() throws Exception {
        OpenScope both = request.session().enclosing(request::overlay).open();
        both.run(this::insert);
        elsewhere(both::close);
        assertThat(events).containsExactly("insert db1", "overlaid db1", "commit db1", "close db1");
    }

    @Test
    void hooksOfASessionInsideOfAnotherUseWhatTheOpenerOpenedInThat() throws Exception {
        NamedContext batch = NamedContext.named("batch").onSessionExit(failure -> events.add("flush to " + db.get()));
        OpenScope both = request.session().enclosing(batch::session).open();
        both.run(this::insert);
        elsewhere(both::close);
        assertThat(events).containsExactly("insert db1", "flush to db1", "commit db1", "close db1");
    }

    @Test
    void soDoHooksOfThreeSessions() throws Exception {
        NamedContext batch = NamedContext.named("batch").onSessionExit(failure -> events.add("flush to " + db.get()));
        NamedContext app = NamedContext.named("app");
        OpenScope all = app.session().enclosing(() -> request.session().enclosing(batch::session)).open();
        all.run(this::insert);
        elsewhere(all::close);
        assertThat(events).containsExactly("insert db1", "flush to db1", "commit db1", "close db1");
    }

    /** The end waits for the opener, which cannot use what it has opened too late. */
    @Test
    void whatIsBeingOpenedWhenAnotherThreadTakesOverIsClosedUnused() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        NamedContext slow = NamedContext.named("slow");
        ResourceKey<String> own = slow.resource("own", String.class, () -> {
            opening.countDown();
            awaitUninterrupted(ending);
            return "own" + opened.incrementAndGet();
        }, closed -> events.add("close " + closed)).perTask();
        slow.onSessionExit(failure -> {
            ending.countDown();
            events.add("commit " + own.get());
        });
        OpenScope session = slow.session().open();
        FutureTask<Void> end = new FutureTask<>(() -> {
            opening.await();
            session.close();
            return null;
        });
        new Thread(end).start();
        session.run(() -> assertThatThrownBy(own::get).isInstanceOf(UnboundContextException.class)
                .hasMessageStartingWith("ResourceKey[slow.own] is gone: "));
        end.get();
        assertThat(events).containsExactly("close own1", "commit own2", "close own2");
    }

    /** A piece on another thread is a task: hooks of the context do not see what it has opened. */
    @Test
    void pieceOnAnotherThreadCommitsItsOwnBeforeThatIsClosed() throws Exception {
        OpenScope session = request.session().open();
        session.run(this::insert);
        elsewhere(() -> session.run(() -> {
            ScopedContext.onExit(this::endTransaction);
            insert();
        }));
        session.close();
        assertThat(events).containsExactly("insert db1", "insert db2", "commit db2", "close db2", "commit db1",
                "close db1");
    }

    @Test
    void pieceOnAnotherThreadThatFailsRollsBackItsOwn() throws Exception {
        OpenScope session = request.session().open();
        UnsupportedOperationException bug = new UnsupportedOperationException();
        elsewhere(() -> assertThatThrownBy(() -> session.run(() -> {
            ScopedContext.onExit(this::endTransaction);
            insert();
            throw bug;
        })).isSameAs(bug));
        session.close(bug);
        assertThat(events).containsExactly("insert db1", "roll back db1", "close db1");
    }

    /** As a request in a conversation does, which other requests use at that time. */
    @Test
    void endOfAScopeInsideLeavesASessionThatOthersHoldToItsOpener() throws Exception {
        NamedContext batch = NamedContext.named("batch").onSessionExit(failure -> events.add("flush to " + db.get()));
        OpenScope session = request.session().open();
        ScopeOpener both = ((ScopeOpener) session::hold).enclosing(batch::session);
        session.run(() -> {
            insert();
            FutureTask<Void> end = new FutureTask<>(() -> both.open().close(), null);
            new Thread(end).start();
            join(end);
            insert();
        });
        session.close();
        assertThat(events).containsExactly("insert db1", "flush to db2", "close db2", "insert db1", "commit db1",
                "close db1");
    }

    @Test
    void lastOfThemTakesItOver() throws Exception {
        NamedContext batch = NamedContext.named("batch").onSessionExit(failure -> events.add("flush to " + db.get()));
        OpenScope session = request.session().open();
        OpenScope both = ((ScopeOpener) session::hold).enclosing(batch::session).open();
        session.run(this::insert);
        session.close();
        elsewhere(both::close);
        assertThat(events).containsExactly("insert db1", "flush to db1", "commit db1", "close db1");
    }
}
