package dev.scopedcontext.named;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.support.PlainFork;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScope;
import dev.scopedcontext.task.TaskScopes;
import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Resources of which each task has its own. */
@OnEachEngine
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PerTaskTest {

    private final Link.Log log = new Link.Log();
    private final AtomicInteger number = new AtomicInteger();
    private final NamedContext request = NamedContext.named("request");
    private final ContextKey<String> user = request.key("user", String.class);
    private final ResourceKey<Link> own = request
            .resource("own", Link.class, () -> log.open("own " + number.incrementAndGet())).perTask();
    private final ResourceKey<Link> shared = request.resource("shared", Link.class, () -> log.open("shared"));

    @Test
    void aGivenInstanceIsGoneWithItsSession() {
        Link given = log.open("given");
        ContextSnapshot kept = request.session().with(own, given).call(() -> {
            ScopedContext.capture().run(() -> assertThat(own.get()).isSameAs(given));
            return ScopedContext.capture();
        });
        kept.run(() -> {
            assertThat(own.isBound()).isFalse();
            assertThat(own.isOpen()).isFalse();
            assertThatThrownBy(own::get).isInstanceOf(UnboundContextException.class)
                    .hasMessageStartingWith("ResourceKey[request.own] is gone");
        });
    }

    @Test
    void eachSubtaskHasItsOwnUntilItEnds() throws Exception {
        request.session().call(() -> {
            Link mine = own.get();
            try (var scope = TaskScope.open(Joiner.<Link>allSuccessfulOrThrow())) {
                for (int i = 0; i < 4; i++) {
                    scope.fork(() -> {
                        Link link = own.get();
                        assertThat(own.get()).isSameAs(link);
                        assertThat(link.isClosed()).isFalse();
                        return link;
                    });
                }
                assertThat(new HashSet<>(scope.join())).hasSize(4).doesNotContain(mine)
                        .allMatch(Link::isClosed);
            }
            assertThat(own.get()).isSameAs(mine);
            assertThat(mine.isClosed()).isFalse();
            return null;
        });
        assertThat(log.open).hasValue(0);
        assertThat(log).hasSize(10);
    }

    @Test
    void subtaskThatDoesNotUseItOpensNone() throws Exception {
        request.session().call(() -> TaskScopes.race(() -> {
            assertThat(own.isBound()).isTrue();
            assertThat(own.isOpen()).isFalse();
            return "done";
        }));
        assertThat(log).isEmpty();
    }

    @Test
    void subtasksOfSubtasksHaveTheirOwn() throws Exception {
        request.session().call(() -> TaskScopes.race(() -> {
            Link outer = own.get();
            return TaskScopes.race(() -> {
                assertThat(own.get()).isNotSameAs(outer);
                return "done";
            });
        }));
        assertThat(log).containsExactly("open own 1", "open own 2", "close own 2", "close own 1");
    }

    @Test
    void taskClosesInReverseOrderAndLeavesAloneWhatIsShared() throws Exception {
        ResourceKey<Link> above = request
                .resource("above", Link.class, () -> log.open("above " + own.get() + " and " + shared.get())).perTask();
        request.session().call(() -> {
            TaskScopes.race(above::get);
            log.add("joined");
            return null;
        });
        assertThat(log).containsExactly("open own 1", "open shared", "open above own 1 and shared",
                "close above own 1 and shared", "close own 1", "joined", "close shared");
    }

    @Test
    void sessionsOwnThreadClosesItsOwnInOrderWithTheRest() {
        request.session().run(() -> {
            shared.get();
            own.get();
        });
        assertThat(log).containsExactly("open shared", "open own 1", "close own 1", "close shared");
    }

    @Test
    void wrappedTaskHasItsOwnEachTimeItRuns() {
        request.session().run(() -> {
            Runnable task = ScopedContext.capture().wrap(() -> {
                log.add(own.get().toString());
            });
            task.run();
            task.run();
            assertThat(own.isOpen()).isFalse();
        });
        assertThat(log).containsExactly("open own 1", "own 1", "close own 1", "open own 2", "own 2", "close own 2");
    }

    @Test
    void taskOfAnExecutorHasItsOwnThoughItOutlivesTheSession() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            ExecutorService executor = ContextExecutors.propagating(pool);
            CountDownLatch used = new CountDownLatch(1);
            CountDownLatch ended = new CountDownLatch(1);
            ResourceKey<Link> later = request.resource("later", Link.class, () -> log.open("later")).perTask();
            Future<Boolean> task = request.session().call(() -> {
                Future<Boolean> submitted = executor.submit(() -> {
                    Link link = own.get();
                    used.countDown();
                    ended.await();
                    assertThat(own.get()).isSameAs(link);
                    assertThat(later.isBound()).isFalse();
                    assertThatThrownBy(later::get).isInstanceOf(UnboundContextException.class)
                            .hasMessageContaining("has ended");
                    return link.isClosed();
                });
                used.await();
                return submitted;
            });
            ended.countDown();
            assertThat(task.get(30, SECONDS)).isFalse();
            assertThat(pool.submit(() -> log.open.get()).get(30, SECONDS)).isZero();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void failureOfACloserIsThatOfTheTask() throws Exception {
        IllegalStateException failure = new IllegalStateException("close");
        log.failToClose(failure);
        assertThatThrownBy(() -> request.session().call(() -> TaskScopes.race(own::get))).hasCause(failure);
    }

    @Test
    void innerSessionHasItsOwnInEachTask() throws Exception {
        request.session().call(() -> TaskScopes.race(() -> {
            Link outer = own.get();
            request.session().run(() -> assertThat(own.get()).isNotSameAs(outer));
            assertThat(own.get()).isSameAs(outer);
            return "done";
        }));
        assertThat(log).containsExactly("open own 1", "open own 2", "close own 2", "close own 1");
    }

    @Test
    void overlaySharesThatOfItsTask() throws Exception {
        request.session().call(() -> {
            Link mine = own.get();
            request.overlay().where(user, "alice").run(() -> assertThat(own.get()).isSameAs(mine));
            return TaskScopes.race(() -> {
                Link ofTask = own.get();
                try (Attachment attachment = request.overlay().attach()) {
                    assertThat(own.get()).isSameAs(ofTask);
                }
                return "done";
            });
        });
        assertThat(log).containsExactly("open own 1", "open own 2", "close own 2", "close own 1");
    }

    @Test
    void overlayThatIsEnteredElsewhereHasItsOwn() throws Exception {
        request.session().call(() -> {
            Link mine = own.get();
            Session overlay = request.overlay();
            OnThread.run(() -> overlay.run(() -> {
                assertThat(own.get()).isNotSameAs(mine);
                assertThat(shared.get()).isNotNull();
            }));
            request.session().run(() -> overlay.run(() -> assertThat(own.get()).isNotSameAs(mine)));
            return null;
        });
        assertThat(log.open).hasValue(0);
        assertThat(log.sorted()).filteredOn(line -> line.contains("shared")).hasSize(2);
    }

    @Test
    void givenInstanceIsThatOfAllTasks() throws Exception {
        Link given = log.open("given");
        request.session().with(own, given).call(() -> {
            assertThat(own.get()).isSameAs(given);
            assertThat(TaskScopes.race(own::get)).isSameAs(given);
            assertThat(given.isClosed()).isFalse();
            return null;
        });
        request.session().call(() -> {
            own.get();
            return request.overlay().with(own, given).call(() -> {
                assertThat(own.get()).isSameAs(given);
                return TaskScopes.race(own::get);
            });
        });
        assertThat(log).containsExactly("open given", "open own 1", "close own 1");
    }

    @Test
    void contextWithNoneHasNothingToHandOver() {
        NamedContext plain = NamedContext.named("plain");
        ResourceKey<Link> link = plain.resource("link", Link.class, () -> log.open("link"));
        plain.session().run(() -> {
            assertThat(ScopedContext.capture().keys()).hasSize(1);
            Link mine = link.get();
            ScopedContext.capture().run(() -> assertThat(link.get()).isSameAs(mine));
        });
        request.session().run(() -> assertThat(ScopedContext.capture().keys()).hasSize(2));
    }

    @Test
    void plainForkIsRefusedTheInstanceOfItsParent() {
        request.session().run(() -> {
            own.get();
            shared.get();
            String seen = PlainFork.forked(() -> {
                if (!PlainFork.INHERITS) {
                    return own.isBound() + " " + shared.isOpen();
                }
                assertThat(own.isOpen()).isFalse();
                assertThatThrownBy(own::get).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("ResourceKey[request.own] is opened per task")
                        .hasMessageContaining(Thread.currentThread().toString())
                        .hasMessageContaining("Fork with a TaskScope");
                assertThat(ScopedContext.capture().wrapSupplier(own).get()).isNotNull(); // a task of its own
                return own.isBound() + " " + shared.isOpen();
            });
            assertThat(seen).isEqualTo(PlainFork.INHERITS ? "true true" : "false false");
        });
        assertThat(log.open).hasValue(0);
    }

    @Test
    void aPlainForkAttachesASessionOfItsOwn() {
        NamedContext app = NamedContext.named("app");
        app.session().run(() -> PlainFork.forked(() -> {
            try (Attachment session = request.session().attach()) {
                own.get();
                assertThat(app.isActive()).isEqualTo(PlainFork.INHERITS);
            }
            assertThat(request.isActive()).isFalse();
            return null;
        }));
        assertThat(log.open).hasValue(0);
    }

    @Test
    void perTaskIsAPartOfTheDeclaration() {
        assertThat(own.perTask()).isSameAs(own);
        request.session().run(() -> {
            shared.get();
            assertThatThrownBy(shared::perTask).isInstanceOf(IllegalStateException.class)
                    .hasMessage("ResourceKey[request.shared] has already been used with one instance per"
                            + " session. Call perTask() where it is declared");
            own.get();
            own.perTask();
        });
    }

    @Test
    void sessionEnteredBeforeTheDeclarationHasOneForItsOwnThreadOnly() throws Exception {
        NamedContext late = NamedContext.named("late");
        late.session().call(() -> {
            ResourceKey<Link> key = late.resource("key", Link.class, () -> log.open("key")).perTask();
            assertThat(key.get()).isSameAs(key.get());
            ContextSnapshot now = ScopedContext.capture();
            OnThread.run(() -> now.run(() -> assertThatThrownBy(key::get).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the session was entered before perTask() was called")));
            return null;
        });
        assertThat(log).containsExactly("open key", "close key");
    }
}
