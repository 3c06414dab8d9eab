package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.named.NamedContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An open scope ends when its last holder is closed. */
@ExtendWith(CleanThread.class)
class SharedScopeTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final List<String> ends = Collections.synchronizedList(new ArrayList<>());
    private final NamedContext request = NamedContext.named("request").onSessionExit(failure -> ends.add("" + failure));

    @Test
    void lastHolderEndsTheScope() {
        OpenScope first = request.session().open();
        OpenScope second = first.hold();
        OpenScope third = second.hold();
        second.close();
        first.close();
        assertThat(ends).isEmpty();
        assertThat(third.<Boolean, RuntimeException>call(request::isActive)).isTrue();
        third.close();
        third.close();
        assertThat(ends).containsExactly("null");
    }

    @Test
    void closedHolderRunsNothingAndHoldsNoMore() {
        OpenScope first = ScopedContext.where(USER, "alice").open();
        OpenScope second = first.hold();
        first.close();
        first.close();
        assertThatThrownBy(() -> first.run(() -> {
        })).isInstanceOf(IllegalStateException.class)
                .hasMessage("OpenScope of [user] is closed: no code can run in it any more");
        assertThatThrownBy(first::hold).isInstanceOf(IllegalStateException.class)
                .hasMessage("OpenScope of [user] is closed: no code can run in it any more");
        assertThat(second.<String, RuntimeException>call(USER::get)).isEqualTo("alice");
        second.close();
    }

    @Test
    void markCountsIfTheScopeIsClosedBeforeThePieceHasReturned() {
        Exception mark = new Exception("mark");
        OpenScope inHook = request.session().open();
        inHook.run(() -> {
            ScopedContext.onExit(failure -> inHook.close());
            ScopedContext.markFailed(mark);
        });
        OpenScope inScopeInside = request.session().open();
        inScopeInside.run(() -> {
            ScopedContext.markFailed(mark);
            ScopedContext.where(USER, "alice").run(inScopeInside::close);
        });
        OpenScope between = request.session().open();
        between.run(() -> ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.markFailed(mark);
            ScopedContext.where(USER, "bob").run(between::close);
        }));
        assertThat(ends).containsExactly("" + mark, "" + mark, "" + mark);
    }

    @Test
    void markInACapturedContextDoesNotCountForThePieceAround() {
        Exception mark = new Exception("mark");
        ContextSnapshot other = ScopedContext.where(USER, "bob").call(ScopedContext::capture);
        OpenScope closedInside = request.session().open();
        closedInside.run(() -> other.run(() -> {
            ScopedContext.markFailed(mark);
            closedInside.close();
        }));
        OpenScope capturing = request.session().open();
        capturing.run(() -> {
            ScopedContext.capture().run(() -> ScopedContext.markFailed(mark));
            try (Attachment attached = ScopedContext.capture().attach()) {
                assertThat(attached).isNotNull();
            }
            capturing.close();
        });
        assertThat(ends).containsExactly("null", "null");
    }

    @Test
    void pieceThatOverflowsTheStackIsNoPieceOfWhatItsThreadDoesLater() {
        OpenScope scope = request.session().open();
        int[] overflows = {0};
        Runnable piece = () -> {
        };
        scope.run(piece); // links all lambdas while there is enough stack
        for (int round = 0; round < 5; round++) {
            runAtTheEndOfTheStack(scope, piece, overflows);
        }
        assertThat(overflows[0]).isPositive();
        ScopedContext.where(USER, "another").run(() -> {
            ScopedContext.markFailed(new Exception("of another"));
            scope.close();
        });
        assertThat(ends).containsExactly("null");
    }

    /** Runs a piece at each level of the stack, beginning with levels that are too deep for it. */
    @SuppressWarnings("InfiniteRecursion") // expected
    private static void runAtTheEndOfTheStack(OpenScope scope, Runnable piece, int[] overflows) {
        try {
            runAtTheEndOfTheStack(scope, piece, overflows);
        } catch (VirtualMachineError overflow) { // JDK 17 wraps an overflow during the linking of a lambda
            overflows[0]++;
        }
        try {
            scope.run(piece);
        } catch (VirtualMachineError overflow) { // JDK 17 wraps an overflow during the linking of a lambda
            overflows[0]++;
        }
    }

    @Test
    void hooksOfAnInnerScopeUseTheOuterOne() {
        NamedContext app = NamedContext.named("app").onSessionExit(failure -> ends.add("app " + failure));
        AtomicReference<OpenScope> opened = new AtomicReference<>();
        ScopeOpener outer = () -> {
            opened.set(app.session().open());
            return opened.get();
        };
        NamedContext inner = NamedContext.named("inner")
                .onSessionExit(failure -> opened.get().run(() -> ends.add("inner in app: " + app.isActive())));
        OpenScope both = outer.enclosing(inner::session).open();
        both.run(() -> {
        });
        both.close();
        assertThat(ends).containsExactly("inner in app: true", "app null");
    }

    @Test
    void firstFailureIsKept() {
        IllegalStateException one = new IllegalStateException("one");
        IllegalStateException two = new IllegalStateException("two");
        OpenScope first = request.session().open();
        OpenScope second = first.hold();
        OpenScope third = first.hold();
        second.close(one);
        first.close(two);
        third.close(one);
        assertThat(ends).containsExactly("" + one);
        assertThat(one.getSuppressed()).containsExactly(two);
    }

    @Test
    void foreignScopeIsShared() {
        List<@Nullable Throwable> closed = new ArrayList<>();
        OpenScope foreign = new OpenScope() {
            @Override
            public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
                return op.call();
            }

            @Override
            public void close(@Nullable Throwable failure) {
                closed.add(failure);
            }

            @Override
            public String toString() {
                return "foreign";
            }
        };
        assertThatThrownBy(foreign::hold).isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("foreign has no holders: return it from open() as OpenScope.sharing(scope)");
        OpenScope shared = OpenScope.sharing(foreign);
        assertThat(OpenScope.sharing(shared)).isSameAs(shared);
        OpenScope second = shared.hold();
        shared.close();
        assertThat(closed).isEmpty();
        second.close();
        assertThat(closed).containsExactly((Throwable) null);
        assertThatThrownBy(() -> OpenScope.sharing(null)).isInstanceOf(NullPointerException.class)
                .hasMessage("scope");
    }

    @Test
    void scopesInsideOneAnotherAreHeldAsOne() {
        NamedContext inner = NamedContext.named("inner").onSessionExit(failure -> ends.add("inner"));
        OpenScope both = request.session().enclosing(inner::session).open();
        OpenScope held = both.hold();
        both.close();
        assertThat(held.<Boolean, RuntimeException>call(inner::isActive)).isTrue();
        held.close();
        assertThat(ends).containsExactly("inner", "null");
    }

    @Test
    void scopeEndsOnceWhenItsHoldersAreClosedAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 1; round <= 200; round++) {
                OpenScope scope = request.session().open();
                CyclicBarrier together = new CyclicBarrier(4);
                List<Callable<Boolean>> closers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    OpenScope holder = scope.hold();
                    closers.add(() -> {
                        together.await(1, TimeUnit.MINUTES);
                        holder.hold().close();
                        holder.close();
                        return true;
                    });
                }
                scope.close();
                for (Future<Boolean> closed : threads.invokeAll(closers)) {
                    assertThat(closed.get()).isTrue();
                }
                assertThat(ends).hasSize(round);
            }
        } finally {
            threads.shutdown();
        }
    }

    /** Enters no scope, and records how it ends. */
    private final class Foreign implements OpenScope {

        @Override
        public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
            return op.call();
        }

        @Override
        public void close(@Nullable Throwable failure) {
            ends.add("" + failure);
        }

        @Override
        public String toString() {
            return "foreign";
        }
    }

    @Test
    void foreignScopeThatHasEndedRunsNothing() {
        OpenScope shared = OpenScope.sharing(new Foreign());
        shared.close();
        assertThatThrownBy(() -> shared.run(() -> ends.add("run"))).isInstanceOf(IllegalStateException.class)
                .hasMessage("foreign is closed: no code can run in it any more");
        assertThat(ends).containsExactly("null");
    }

    @Test
    void markOfAPieceIsToldToAForeignScope() {
        OpenScope shared = OpenScope.sharing(new Foreign());
        shared.run(() -> ScopedContext.markFailed(new IllegalStateException("piece")));
        shared.close();
        assertThat(ends).containsExactly("java.lang.IllegalStateException: piece");
    }

    @Test
    void markOfAScopeAroundIsNotThatOfAPiece() {
        OpenScope shared = OpenScope.sharing(new Foreign());
        ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.markFailed(new IllegalStateException("around"));
            shared.run(() -> {
            });
            shared.close();
        });
        assertThat(ends).containsExactly("null");
    }

    @Test
    void markOfAPieceIsOneOfTheScopeAroundOnItsThread() {
        OpenScope shared = OpenScope.sharing(new Foreign());
        IllegalStateException marked = new IllegalStateException("piece");
        ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.onExit(failure -> ends.add("around " + failure));
            shared.run(() -> ScopedContext.markFailed(marked));
        });
        assertThat(ends).containsExactly("around " + marked);
    }

    @Test
    void pieceThatClosesTheScopeTellsItsMark() {
        IllegalStateException marked = new IllegalStateException("piece");
        OpenScope scope = request.session().open();
        scope.run(() -> {
            ScopedContext.markFailed(marked);
            scope.close();
            assertThat(ends).containsExactly("" + marked);
        });
        OpenScope inside = request.session().open();
        inside.run(() -> ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.markFailed(marked);
            inside.close();
        }));
        assertThat(ends).containsExactly("" + marked, "" + marked);
    }

    @Test
    void markOfAnotherScopeIsNotToldByTheThreadThatCloses() {
        OpenScope scope = request.session().open();
        ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.markFailed(new IllegalStateException("not of the scope"));
            scope.close();
        });
        assertThat(ends).containsExactly("null");
    }

    @Test
    void failureThatIsThrownGoesBeforeTheMarkOfThatPiece() {
        IllegalStateException thrown = new IllegalStateException("thrown");
        IllegalStateException ofHook = new IllegalStateException("hook");
        request.onSessionExit(failure -> {
            throw ofHook;
        });
        ScopeOpener opener = () -> request.session().open();
        assertThatThrownBy(() -> opener.run(() -> {
            ScopedContext.markFailed(new IllegalStateException("marked"));
            throw thrown;
        })).isSameAs(thrown);
        assertThat(ends).containsExactly("" + thrown);
        assertThat(thrown).hasSuppressedException(ofHook);
    }

    @Test
    void failureThatIsThrownGoesBeforeTheMarkOfAnEarlierPiece() {
        IllegalStateException marked = new IllegalStateException("marked");
        IllegalStateException thrown = new IllegalStateException("thrown");
        OpenScope scope = request.session().open();
        scope.run(() -> ScopedContext.markFailed(marked));
        scope.close(thrown);
        assertThat(ends).containsExactly("" + thrown);
        assertThat(thrown.getSuppressed()).containsExactly(marked);
        assertThat(marked).hasNoSuppressedExceptions();
    }

    @Test
    void outerScopeThatItsOpenerHasClosedIsOpenUntilTheInnerOneHasEnded() {
        NamedContext inner = NamedContext.named("inner")
                .onSessionExit(failure -> ends.add("inner in " + request.isActive()));
        OpenScope outer = request.session().open();
        ScopeOpener given = () -> outer;
        OpenScope both = given.enclosing(inner::session).open();
        outer.close();
        both.run(() -> assertThat(request.isActive()).isTrue());
        both.close();
        assertThat(ends).containsExactly("inner in true", "null");
    }

    @Test
    void markThatAHookOfAPieceSetsIsToldToTheScope() {
        IllegalStateException flush = new IllegalStateException("flush");
        OpenScope scope = request.session().open();
        scope.run(() -> ScopedContext.onExit(failure -> ScopedContext.markFailed(flush)));
        scope.close();
        assertThat(ends).containsExactly("" + flush);
    }
}
