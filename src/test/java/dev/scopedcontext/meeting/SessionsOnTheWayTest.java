package dev.scopedcontext.meeting;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.named.Link;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScope;
import dev.scopedcontext.task.TaskScopes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions and their resources on other threads: subtasks, executors, futures, snapshots, attachments, overlays. */
@OnEachEngine
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionsOnTheWayTest {

    private final Link.Log log = new Link.Log();
    private final NamedContext app = NamedContext.named("app");
    private final ContextKey<String> config = app.key("config", String.class);
    private final NamedContext request = NamedContext.named("request");
    private final ContextKey<String> user = request.key("user", String.class);
    private final ResourceKey<Link> link = request.resource("link", Link.class,
            () -> log.open("link of " + config.get() + " for " + user.get()));
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private final ExecutorService executor = ContextExecutors.propagating(pool);

    @AfterEach
    void poolIsClean() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(pool.submit(() -> ScopedContext.capture().keys()).get(30, SECONDS)).isEmpty();
        }
        pool.shutdownNow();
        assertThat(log.open).hasValue(0);
    }

    private <T> T inBoth(Body<T> body) throws Exception {
        return app.session().where(config, "c").call(() -> request.session().where(user, "alice").call(body::run));
    }

    /** A body that may throw anything. */
    private interface Body<T> {

        T run() throws Exception;
    }

    @Test
    void subtaskExecutorAndFutureUseTheSessionsResource() throws Exception {
        inBoth(() -> {
            Link ofSubtask = TaskScopes.race(link::get);
            assertThat(executor.submit(link::get).get(30, SECONDS)).isSameAs(ofSubtask);
            assertThat(ContextExecutors.supplyAsync(link, pool).thenApply(l -> l == link.get()).get(30, SECONDS))
                    .isTrue();
            assertThat(link.get()).isSameAs(ofSubtask);
            assertThat(ofSubtask).hasToString("link of c for alice");
            return null;
        });
        assertThat(log).hasSize(2);
    }

    @Test
    void subtaskMayOverrideAndNestOnItsOwn() throws Exception {
        inBoth(() -> {
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(() -> request.overlay().where(user, "bob").call(() -> user.get() + request.isActive()));
                scope.fork(() -> request.session().where(user, "carol").call(() -> link.get().toString()));
                scope.fork(() -> {
                    try (Attachment attachment = request.overlay().where(user, "dave").attach()) {
                        return user.get() + config.get();
                    }
                });
                scope.fork(() -> ScopedContext.where(user, "eve").call(user::get));
                assertThat(scope.join()).containsExactly("bobtrue", "link of c for carol", "davec", "eve");
            }
            assertThat(user.get()).isEqualTo("alice");
            assertThat(link.isOpen()).isFalse();
            return null;
        });
        assertThat(log).containsExactly("open link of c for carol", "close link of c for carol");
    }

    @Test
    void resourceOpenedInASubtaskOutlivesIt() throws Exception {
        inBoth(() -> {
            Link opened = TaskScopes.race(link::get);
            assertThat(opened.isClosed()).isFalse();
            log.add("joined");
            return null;
        });
        assertThat(log).containsExactly("open link of c for alice", "joined", "close link of c for alice");
    }

    @Test
    void sessionInsideASnapshotEndsThere() throws Exception {
        ContextSnapshot inApp = app.session().where(config, "snapshot").call(ScopedContext::capture);
        inBoth(() -> {
            inApp.run(() -> {
                assertThat(request.isActive()).isFalse();
                request.session().where(user, "bob").run(link::get);
                assertThat(config.get()).isEqualTo("snapshot");
            });
            assertThat(user.get()).isEqualTo("alice");
            return null;
        });
        assertThat(log).containsExactly("open link of snapshot for bob", "close link of snapshot for bob");
    }

    @Test
    void overlayTravelsLikeASession() throws Exception {
        Link given = log.open("given");
        inBoth(() -> request.overlay().where(user, "bob").with(link, given).call(() -> {
            assertThat(executor.submit(() -> user.get() + " " + link.get()).get(30, SECONDS)).isEqualTo("bob given");
            assertThat(TaskScopes.race(link::get)).isSameAs(given);
            return null;
        }));
        given.close();
    }

    @Test
    void attachedSessionTravelsToo() throws Exception {
        try (Attachment first = app.session().where(config, "c").attach();
                Attachment second = request.session().where(user, "alice").attach()) {
            assertThat(TaskScopes.race(link::get)).hasToString("link of c for alice");
            CompletableFuture<Link> future = ContextExecutors.supplyAsync(link, pool);
            assertThat(future.get(30, SECONDS)).isSameAs(link.get());
        }
        assertThat(log).containsExactly("open link of c for alice", "close link of c for alice");
    }

    @Test
    void hookMaySplitItsWork() throws Exception {
        request.onSessionExit(failure -> {
            try {
                log.add(TaskScopes.par(user::get, () -> link.get().toString(), (u, l) -> u + ": " + l));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        inBoth(() -> null);
        assertThat(log).containsExactly("open link of c for alice", "alice: link of c for alice",
                "close link of c for alice");
    }

    @Test
    void openerMaySplitItsWork() throws Exception {
        ResourceKey<Link> both = request.resource("both", Link.class,
                () -> log.open(TaskScopes.par(user::get, link::get, (u, l) -> "both on " + l)));
        inBoth(both::get);
        assertThat(log).isEqualTo(List.of("open link of c for alice", "open both on link of c for alice",
                "close both on link of c for alice", "close link of c for alice"));
    }
}
