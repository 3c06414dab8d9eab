package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A managed scope in pieces. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalScopeTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final Local local = Local.named("web");
    private final Local other = Local.named("other");
    private final LocalManager manager = LocalManager.of(local);

    @Test
    void whatOnePieceSetsTheNextOneFindsOnAnyThread() throws Exception {
        try (OpenScope scope = manager.open()) {
            scope.run(() -> local.set("user", "alice"));
            assertThat(local.asMap().keySet()).isEmpty();
            OnThread.run(() -> {
                assertThat(scope.<Object, RuntimeException>call(() -> local.get("user"))).isEqualTo("alice");
                scope.run(() -> local.set("tenant", "acme"));
                assertThat(local.asMap().keySet()).isEmpty();
                assertThat(CleanLocals.left(local)).isEmpty();
            });
            scope.run(() -> assertThat(local.asMap().keySet()).containsExactlyInAnyOrder("user", "tenant"));
        }
    }

    @Test
    void pieceSeesWhatIsBoundWhereItRuns() {
        try (OpenScope scope = ScopedContext.where(KEY, "opened").call(manager::open)) {
            ScopedContext.where(KEY, "run").run(() -> scope.run(() -> assertThat(KEY.get()).isEqualTo("run")));
            scope.run(() -> assertThat(KEY.isBound()).isFalse());
        }
    }

    @Test
    void pieceInsideOfAPieceIsTheSameScope() {
        try (OpenScope scope = manager.open()) {
            scope.run(() -> {
                local.set("user", "alice");
                manager.run(() -> {
                    assertThat(local.asMap().keySet()).isEmpty();
                    scope.run(() -> local.set("user", local.get("user") + " inside"));
                });
                assertThat(local.get("user")).isEqualTo("alice inside");
            });
            scope.run(() -> assertThat(local.get("user")).isEqualTo("alice inside"));
        }
    }

    @Test
    void piecesAtTheSameTimeWaitForEachOther() throws Exception {
        List<Integer> log = new ArrayList<>();
        CountDownLatch entered = new CountDownLatch(1);
        try (OpenScope scope = manager.open()) {
            Thread second = new Thread(() -> {
                entered.countDown();
                scope.run(() -> log.add(2));
            });
            scope.run(() -> {
                second.start();
                awaitBlocked(entered, second);
                log.add(1);
            });
            second.join();
        }
        assertThat(log).containsExactly(1, 2);
    }

    private static void awaitBlocked(CountDownLatch entered, Thread thread) {
        try {
            entered.await();
        } catch (InterruptedException interruption) {
            throw new AssertionError(interruption);
        }
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void nothingRunsInAClosedScope() throws Exception {
        OpenScope scope = manager.open();
        scope.run(() -> local.set("user", "alice"));
        OnThread.run(scope::close);
        scope.close();
        assertThatThrownBy(() -> scope.run(() -> local.set("user", "bob"))).isInstanceOf(IllegalStateException.class)
                .hasMessage("LocalScope of LocalManager[1 local: web] is closed: no code can run in it any more");
        assertThat(local.asMap().keySet()).isEmpty();
    }

    @Test
    void closingInsideOfAPieceRemovesTheValuesAtOnce() {
        OpenScope scope = manager.open();
        scope.run(() -> {
            local.set("user", "alice");
            scope.close();
            assertThat(local.asMap().keySet()).isEmpty();
        });
    }

    @Test
    void whatIsSetAfterClosingInsideOfAPieceGoesWithThePiece() {
        OpenScope scope = manager.open();
        ValueTable table = scope.call(() -> {
            scope.close();
            local.set("user", "alice");
            assertThat(local.get("user")).isEqualTo("alice");
            return local.tables.key.get();
        });
        assertThat(table.isEmpty()).isTrue();
    }

    @Test // M11
    void contextIdIsThatOfTheScopeInEachPiece() throws Exception {
        List<String> ids = new ArrayList<>();
        try (OpenScope scope = manager.open()) {
            scope.run(() -> ids.add(manager.contextId()));
            OnThread.run(() -> scope.run(() -> ids.add(manager.contextId())));
        }
        assertThat(ids).containsOnly(ids.get(0));
        assertThat(ids.get(0)).isNotEqualTo(manager.contextId());
    }

    @Test // M3
    void localAddedLaterLeavesNothingInTheThreadsOfPieces() throws Exception {
        try (OpenScope scope = manager.open()) {
            manager.add(other);
            OnThread.run(() -> {
                scope.run(() -> other.set("user", "alice"));
                assertThat(CleanLocals.left(other)).isEmpty();
            });
        }
    }

    @Test
    void failureOfAPiecePassesAndTheNextOneRuns() {
        IllegalStateException failure = new IllegalStateException("piece");
        try (OpenScope scope = manager.open()) {
            assertThatThrownBy(() -> scope.run(() -> {
                local.set("user", "alice");
                throw failure;
            })).isSameAs(failure).hasNoSuppressedExceptions();
            scope.run(() -> assertThat(local.get("user")).isEqualTo("alice"));
        }
    }
}
