package dev.scopedcontext.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpHandler;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hooks of an exchange are told its first failure, and no other failure is lost. */
@ExtendWith(CleanThread.class)
class ExchangeFailuresTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final List<String> events = new CopyOnWriteArrayList<>();

    private void handleInBoth(HttpHandler handler) {
        NamedContext outer = NamedContext.named("outer").onSessionExit(failure -> events.add("outer " + failure));
        NamedContext inner = NamedContext.named("inner").onSessionExit(failure -> events.add("inner " + failure));
        try {
            new Filter.Chain(List.of(ExchangeFilter.entering(exchange -> outer.session()),
                    ExchangeFilter.entering(exchange -> inner.session())), handler).doFilter(null);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void failureThatTheHandlerMarksIsToldToTheHooks() {
        UnsupportedOperationException handled = new UnsupportedOperationException("handled");
        handleInBoth(exchange -> ScopedContext.where(KEY, "value").run(() -> ScopedContext.markFailed(handled)));
        assertThat(events).containsExactly("inner " + handled, "outer " + handled);
    }

    @Test
    void failureThatAHeldTaskMarksIsToldToTheHooksOfAllFilters() {
        List<OpenScope> held = new CopyOnWriteArrayList<>();
        UnsupportedOperationException handled = new UnsupportedOperationException("handled");
        handleInBoth(exchange -> held.add(ExchangeFilter.hold()));
        held.get(0).run(() -> ScopedContext.where(KEY, "value").run(() -> ScopedContext.markFailed(handled)));
        assertThat(events).isEmpty();
        held.get(0).close();
        assertThat(events).containsExactly("inner " + handled, "outer " + handled);
        assertThat(handled).hasNoSuppressedExceptions();
    }

    /** The handler fails after the task, and ends before it. */
    @Test
    void firstFailureInTimeIsToldAndLaterOnesAreSuppressed() {
        List<OpenScope> held = new CopyOnWriteArrayList<>();
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        IllegalStateException third = new IllegalStateException("third");
        assertThatThrownBy(() -> handleInBoth(exchange -> {
            OpenScope task = ExchangeFilter.hold();
            held.add(task);
            CompletableFuture.runAsync(() -> assertThatThrownBy(() -> task.run(() -> {
                throw first;
            })).isSameAs(first), thread -> new Thread(thread).start()).join();
            throw second;
        })).isSameAs(second);
        held.get(0).close(third);
        assertThat(events).containsExactly("inner " + first, "outer " + first);
        assertThat(first.getSuppressed()).containsExactly(second, third);
    }

    /** Each failure is a candidate for the first one; only the one that is recorded first is told. */
    @Test
    void oneOfManyFailuresAtOnceIsToldAndNoneIsLost() throws Exception {
        int tasks = 4;
        ExecutorService threads = Executors.newFixedThreadPool(tasks);
        try {
            for (int round = 0; round < 500; round++) {
                List<Throwable> told = new CopyOnWriteArrayList<>();
                NamedContext request = NamedContext.named("request").onSessionExit(told::add);
                List<OpenScope> held = new CopyOnWriteArrayList<>();
                new Filter.Chain(List.of(ExchangeFilter.entering(exchange -> request.session())), exchange -> {
                    for (int i = 0; i < tasks; i++) {
                        held.add(ExchangeFilter.hold());
                    }
                }).doFilter(null);
                CyclicBarrier together = new CyclicBarrier(tasks);
                List<Throwable> failures = new CopyOnWriteArrayList<>();
                List<Callable<Boolean>> failing = held.stream().<Callable<Boolean>>map(task -> () -> {
                    IllegalStateException failure = new IllegalStateException();
                    failures.add(failure);
                    together.await();
                    try (task) {
                        task.run(() -> {
                            throw failure;
                        });
                    } catch (IllegalStateException same) {
                        return same == failure;
                    }
                    return false;
                }).toList();
                for (Future<Boolean> failed : threads.invokeAll(failing)) {
                    assertThat(failed.get()).isTrue();
                }
                assertThat(told).hasSize(1);
                failures.remove(told.get(0));
                assertThat(told.get(0).getSuppressed()).containsExactlyInAnyOrderElementsOf(failures);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void sameObjectThatHookAndCloserThrowIsThrownUnchanged() {
        IllegalStateException shared = new IllegalStateException("shared");
        NamedContext request = NamedContext.named("request").onSessionExit(failure -> {
            throw shared;
        });
        ResourceKey<String> db = request.resource("db", String.class, () -> "db", closed -> {
            throw shared;
        });
        List<OpenScope> held = new CopyOnWriteArrayList<>();
        HttpHandler handler = ExchangeFilter.entering(exchange -> request.session()).wrap(exchange -> {
            db.get();
            held.add(ExchangeFilter.hold());
        });
        assertThatThrownBy(() -> ExchangeFilter.entering(exchange -> request.session()).wrap(exchange -> db.get())
                .handle(null)).isSameAs(shared);
        assertThatCode(() -> handler.handle(null)).doesNotThrowAnyException();
        assertThatThrownBy(held.get(0)::close).isSameAs(shared);
        assertThat(shared).hasNoSuppressedExceptions();
    }

    @Test
    void failureThatIsThrownIsToldRatherThanAMark() {
        IOException thrown = new IOException("thrown");
        IllegalStateException ofHook = new IllegalStateException("hook");
        NamedContext request = NamedContext.named("request").onSessionExit(failure -> {
            events.add("" + failure);
            throw ofHook;
        });
        assertThatThrownBy(() -> ExchangeFilter.entering(exchange -> request.session()).wrap(exchange -> {
            ScopedContext.markFailed(new IllegalStateException("marked"));
            throw thrown;
        }).handle(null)).isSameAs(thrown);
        assertThat(events).containsExactly("" + thrown);
        assertThat(thrown).hasSuppressedException(ofHook);
    }

    @Test
    void failureThatIsThrownIsToldRatherThanAMarkOfAHeldTask() {
        IllegalStateException marked = new IllegalStateException("marked");
        IllegalStateException thrown = new IllegalStateException("thrown");
        assertThatThrownBy(() -> handleInBoth(exchange -> {
            try (OpenScope held = ExchangeFilter.hold()) {
                held.run(() -> ScopedContext.markFailed(marked));
            }
            throw thrown;
        })).isSameAs(thrown);
        assertThat(events).containsExactly("inner " + thrown, "outer " + thrown);
        assertThat(thrown).hasSuppressedException(marked);
    }

    @Test
    void heldTaskThatClosesItsHolderTellsItsMark() {
        List<OpenScope> held = new CopyOnWriteArrayList<>();
        IllegalStateException marked = new IllegalStateException("marked");
        handleInBoth(exchange -> held.add(ExchangeFilter.hold()));
        held.get(0).run(() -> {
            ScopedContext.markFailed(marked);
            held.get(0).close();
        });
        assertThat(events).containsExactly("inner " + marked, "outer " + marked);
    }

    @Test
    void scopeThatTheHandlerHasClosedItselfIsToldItsFailure() {
        IOException thrown = new IOException("thrown");
        NamedContext request = NamedContext.named("request").onSessionExit(failure -> events.add("" + failure));
        List<OpenScope> opened = new CopyOnWriteArrayList<>();
        assertThatThrownBy(() -> ExchangeFilter.entering(exchange -> () -> {
            opened.add(request.session().open());
            return opened.get(0);
        }).wrap(exchange -> {
            opened.get(0).close();
            throw thrown;
        }).handle(null)).isSameAs(thrown).hasNoSuppressedExceptions();
        assertThat(events).containsExactly("" + thrown);
    }
}
