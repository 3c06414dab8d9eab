package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScopes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Resources per task of one context that use those of another: a task closes them all in one order. */
@OnEachEngine
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PerTaskOfTwoContextsTest {

    private static final String[] IN_ORDER = {"open conn", "open tx on conn", "close tx on conn, conn is open",
            "close conn"};

    private final List<String> log = new ArrayList<>();
    private final NamedContext app = NamedContext.named("app");
    private final NamedContext request = NamedContext.named("request");
    private final ResourceKey<String> conn = app.resource("conn", String.class, () -> {
        log.add("open conn");
        return "conn";
    }, closed -> log.add("close conn")).perTask();
    private final ResourceKey<String> tx = on(request, "tx");

    private ResourceKey<String> on(NamedContext context, String name) {
        return context.resource(name, String.class, () -> {
            String opened = name + " on " + conn.get();
            log.add("open " + opened);
            return opened;
        }, this::closeAbove).perTask();
    }

    private void closeAbove(String closed) {
        log.add("close " + closed + (conn.isOpen() ? ", conn is open" : ", conn is gone"));
    }

    @Test
    void taskClosesWhatAnotherContextsOpenerUsedAfterIt() {
        app.session().run(() -> request.session().run(() -> ScopedContext.capture().run(tx::get)));
        assertThat(log).containsExactly(IN_ORDER);
    }

    @Test
    void orderOfTheSessionsMakesNoDifference() {
        request.session().run(() -> app.session().run(() -> ScopedContext.capture().run(tx::get)));
        assertThat(log).containsExactly(IN_ORDER);
    }

    @Test
    void subtaskClosesThemInOneOrderToo() throws Exception {
        app.session().call(() -> request.session().call(() -> TaskScopes.race(tx::get)));
        assertThat(log).containsExactly(IN_ORDER);
    }

    @Test
    void orderDoesNotDependOnHowMuchElseIsBound() {
        app.session().run(() -> request.session().run(() -> underMore(20))); // a frame scans fewer
    }

    private void underMore(int bindings) {
        log.clear();
        ScopedContext.capture().run(tx::get);
        assertThat(log).containsExactly(IN_ORDER);
        if (bindings > 0) {
            ScopedContext.where(ContextKey.named("key"), bindings).run(() -> underMore(bindings - 1));
        }
    }

    @Test
    void threeContextsAreClosedInTheOrderInWhichTheirResourcesWereOpened() {
        NamedContext job = NamedContext.named("job");
        ResourceKey<String> cursor = job.resource("cursor", String.class, () -> "cursor of " + tx.get(), closed -> {
            assertThat(tx.isOpen()).isTrue();
            log.add("close " + closed);
        }).perTask();
        job.session().run(() -> app.session().run(() -> request.session().run(() -> ScopedContext.capture().run(() -> {
            conn.get();
            cursor.get();
        }))));
        assertThat(log).containsExactly("open conn", "open tx on conn", "close cursor of tx on conn",
                "close tx on conn, conn is open", "close conn");
    }

    @Test
    void nothingOfAnyContextIsOpenedByTheClosersOfATask() {
        NamedContext job = NamedContext.named("job");
        ResourceKey<String> other = on(job, "other");
        ResourceKey<String> last = request.resource("last", String.class, () -> "last", closed -> {
            log.add("close last");
            assertThat(other.isBound()).isFalse();
            assertThatThrownBy(other::get).hasMessageContaining("ResourceKey[job.other] is gone");
        }).perTask();
        app.session().run(() -> request.session().run(() -> job.session().run(() -> //
        ScopedContext.capture().run(last::get))));
        assertThat(log).containsExactly("close last");
    }

    @Test
    void sessionsOnTheirOwnThreadAreClosedAsTheyNest() {
        app.session().run(() -> request.session().run(tx::get));
        assertThat(log).containsExactly(IN_ORDER);
    }

    @Test
    void sessionThatIsEnteredInATaskIsClosedBeforeTheTask() {
        app.session().run(() -> ScopedContext.capture().run(() -> request.session().run(tx::get)));
        assertThat(log).containsExactly(IN_ORDER);
    }

    @Test
    void attachedSessionsAreClosedAsTheyNest() {
        try (Attachment outer = app.session().attach(); Attachment inner = request.session().attach()) {
            ScopedContext.capture().run(tx::get);
            assertThat(log).containsExactly(IN_ORDER);
            log.clear();
            tx.get();
        }
        assertThat(log).containsExactly(IN_ORDER);
    }

    @Test
    void overlaysThatAreEnteredElsewhereAreClosedAsTheyNest() {
        List<Session> overlays = new ArrayList<>();
        app.session().run(() -> request.session().run(() -> {
            overlays.add(app.overlay());
            overlays.add(request.overlay());
            app.session().run(() -> request.session().run(() -> //
            overlays.get(0).run(() -> overlays.get(1).run(tx::get))));
        }));
        assertThat(log).containsExactly(IN_ORDER);
    }
}
