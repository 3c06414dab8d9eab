package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Openers, entered for one block or in pieces, alone or combined. */
@ExtendWith(CleanThread.class)
class ScopeOpenerTest {

    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<String> USER = ContextKey.named("user");

    private final List<String> events = new ArrayList<>();

    @Test
    void theInnerOneIsAskedForInsideTheOuterOne() {
        // @start region="enclosing"
        ScopeOpener request = ScopedContext.where(TENANT, "shop")
                .enclosing(() -> ScopedContext.where(USER, "alice of " + TENANT.get()));
        String user = request.call(USER::get);
        // @end
        assertThat(user).isEqualTo("alice of shop");
    }

    @Test
    void piecesRunOnAnyThread() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        // @start region="open"
        try (OpenScope scope = ScopedContext.where(USER, "alice").open()) {
            scope.run(() -> assertThat(USER.get()).isEqualTo("alice"));
            executor.submit(() -> scope.run(() -> assertThat(USER.get()).isEqualTo("alice"))).get();
        }
        // @end
        executor.shutdown();
    }

    @Test
    void aPieceSeesWhatIsBoundWhereItRuns() {
        OpenScope scope = ScopedContext.where(TENANT, "shop").call(() -> ScopedContext.where(USER, "alice").open());
        assertThat(scope.<Boolean, RuntimeException>call(TENANT::isBound)).isFalse();
        assertThat(ScopedContext.where(TENANT, "bank").call(() -> scope.call(() -> TENANT.get() + USER.get())))
                .isEqualTo("bankalice");
        scope.close();
    }

    @Test
    void aHookThatAPieceRegistersRunsAtTheEndOfThePiece() {
        try (OpenScope scope = ScopedContext.where(USER, "alice").open()) {
            scope.run(() -> ScopedContext.onExit(failure -> events.add("hook of " + USER.get())));
            events.add("after the piece");
        }
        assertThat(events).containsExactly("hook of alice", "after the piece");
    }

    @Test
    void nothingRunsInAScopeThatIsClosed() {
        OpenScope scope = ScopedContext.where(USER, "alice").open();
        scope.close();
        scope.close();
        assertThatThrownBy(() -> scope.run(() -> events.add("run"))).isInstanceOf(IllegalStateException.class)
                .hasMessage("OpenScope of [user] is closed: no code can run in it any more");
        assertThat(events).isEmpty();
    }

    @Test
    void operationsMustNotBeNull() {
        ScopeOpener both = ScopedContext.where(USER, "alice").enclosing(() -> ScopedContext.where(TENANT, "shop"));
        assertThatThrownBy(() -> both.run(null)).isInstanceOf(NullPointerException.class).hasMessage("op");
        assertThatThrownBy(() -> both.call(null)).isInstanceOf(NullPointerException.class).hasMessage("op");
        assertThatThrownBy(() -> both.enclosing(null)).isInstanceOf(NullPointerException.class).hasMessage("inner");
        try (OpenScope scope = both.open()) {
            assertThatThrownBy(() -> scope.run(null)).isInstanceOf(NullPointerException.class).hasMessage("op");
            assertThatThrownBy(() -> scope.call(null)).isInstanceOf(NullPointerException.class).hasMessage("op");
        }
    }

    /** X1: leaving an opener that encloses another leaves both. */
    @Test
    void theInnerScopeIsClosedInsideTheOuterOne() {
        OpenScope scope = new Witness("outer").enclosing(() -> new Witness("inner")).open();
        assertThat(scope).hasToString("inner in outer");
        scope.run(() -> events.add("piece"));
        scope.close();
        scope.close();
        assertThat(events).containsExactly("enter outer", "enter outer", "enter inner", "piece", "enter outer",
                "close inner null", "close outer null");
    }

    @Test
    void bothSeeTheFailureAndItIsNotThrownAgain() {
        IllegalStateException failure = new IllegalStateException("work");
        new Witness("outer").enclosing(() -> new Witness("inner")).open().close(failure);
        assertThat(events).containsExactly("enter outer", "enter outer", "close inner work", "close outer work");
    }

    @Test
    void aFailureToCloseTheInnerOneIsSeenByTheOuterOneAndThrown() {
        IllegalStateException failure = new IllegalStateException("inner hook");
        IllegalStateException second = new IllegalStateException("outer hook");
        OpenScope scope = new Witness("outer", second).enclosing(() -> new Witness("inner", failure)).open();
        assertThatThrownBy(scope::close).isSameAs(failure).hasSuppressedException(second);
        assertThat(events).containsExactly("enter outer", "enter outer", "close inner null", "close outer inner hook");
    }

    @Test
    void failuresToCloseAreSuppressedIntoTheFailureOfTheWork() {
        IllegalStateException work = new IllegalStateException("work");
        IllegalStateException failure = new IllegalStateException("inner hook");
        new Witness("outer").enclosing(() -> new Witness("inner", failure)).open().close(work);
        assertThat(work).hasSuppressedException(failure);
    }

    /** X6: a failure to open the inner one leaves nothing open. */
    @Test
    void theOuterScopeIsClosedWhenTheInnerOneCannotBeOpened() {
        IllegalStateException failure = new IllegalStateException("no user");
        ScopeOpener both = new Witness("outer").enclosing(() -> {
            throw failure;
        });
        assertThatThrownBy(both::open).isSameAs(failure);
        assertThat(events).containsExactly("enter outer", "close outer no user");
    }

    /** Records the calls on it. */
    private final class Witness implements ScopeOpener, OpenScope {

        private final String name;
        private final Consumer<Throwable> atClose;

        Witness(String name) {
            this.name = name;
            this.atClose = failure -> {
            };
        }

        Witness(String name, RuntimeException thrown) {
            this.name = name;
            this.atClose = failure -> {
                if (failure == null) {
                    throw thrown;
                }
                failure.addSuppressed(thrown);
            };
        }

        @Override
        public void run(Runnable op) {
            OpenScope.super.run(op);
        }

        @Override
        public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
            events.add("enter " + name);
            return op.call();
        }

        @Override
        public OpenScope open() {
            return this;
        }

        @Override
        public void close(Throwable failure) {
            events.add("close " + name + " " + (failure == null ? null : failure.getMessage()));
            atClose.accept(failure);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
