package dev.scopedcontext.servlet;

import static dev.scopedcontext.servlet.ServletServer.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.http.RawClient.Answer;
import dev.scopedcontext.http.Visits;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.servlet.ScenarioSteps.NoListener;
import dev.scopedcontext.servlet.ServletServer.Kind;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hooks of a request are told its first failure, thrown or marked, and no other failure is lost. */
@ExtendWith(CleanThread.class)
class RequestFailuresTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final List<Throwable> told = new CopyOnWriteArrayList<>();
    private final Visits visits = new Visits();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final SilentContainer container = new SilentContainer();

    @AfterEach
    void close() {
        visits.close();
        threads.shutdownNow();
    }

    /** As an exception handler of a framework does. */
    private static void markFailed() {
        ScopedContext.where(KEY, "of the handler")
                .run(() -> ScopedContext.markFailed(new UnsupportedOperationException("handled")));
    }

    @ParameterizedTest
    @EnumSource
    void failureThatTheServletMarksIsTold(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "UnsupportedOperationException", (request, response) -> {
            markFailed();
            response.getWriter().write("done");
        });
        assertThat(answer).isEqualTo(new Answer(200, "done"));
    }

    @ParameterizedTest
    @EnumSource
    void failureThatTheFirstPieceMarksIsToldWhenTheRequestIsComplete(Kind kind) throws Exception {
        ask(kind, visits, "UnsupportedOperationException", (request, response) -> {
            AsyncContext async = request.startAsync();
            markFailed();
            visits.elsewhere(() -> {
                visits.expect("the visit goes on", !visits.hasEnded("a"));
                async.complete();
                return null;
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void failureThatADispatchMarksIsTold(Kind kind) throws Exception {
        ask(kind, visits, "UnsupportedOperationException", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                markFailed();
            } else {
                request.startAsync().dispatch();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void failureThatAStartedTaskMarksIsTold(Kind kind) throws Exception {
        ask(kind, visits, "UnsupportedOperationException", (request, response) -> {
            AsyncContext async = request.startAsync();
            async.start(() -> {
                Thread thread = Thread.currentThread();
                markFailed();
                visits.elsewhere(() -> {
                    awaitEndOfTask(thread); // at which the failure is known
                    async.complete();
                    return null;
                });
            });
        });
    }

    private static void awaitEndOfTask(Thread thread) {
        while (Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(RequestAsyncContext.class.getName()))) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource
    void failureThatAListenerMarksIsTold(Kind kind) throws Exception {
        ask(kind, visits, "UnsupportedOperationException", (request, response) -> {
            AsyncContext async = request.startAsync();
            async.addListener(new NoListener() {
                @Override
                public void onComplete(AsyncEvent event) {
                    markFailed();
                }
            });
            async.complete();
        });
    }

    private NamedContext telling(String name) {
        return NamedContext.named(name).onSessionExit(told::add);
    }

    @Test
    void firstFailureIsToldAndLaterOnesAreSuppressed() throws Exception {
        RequestScopes scopes = container.request(RequestFilter.entering(request -> telling("request").session()));
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        scopes.failed(first);
        scopes.failed(second);
        scopes.failed(first);
        scopes.failed(second);
        scopes.end();
        assertThat(told).containsExactly(first);
        assertThat(first.getSuppressed()).containsExactly(second);
    }

    /** A failure that is recorded only if none was there a moment before would replace another one. */
    @Test
    void oneOfManyFailuresAtOnceIsToldAndNoneIsLost() throws Exception {
        NamedContext context = telling("request");
        for (int round = 0; round < 500; round++) {
            told.clear();
            RequestScopes scopes = container.request(RequestFilter.entering(request -> context.session()));
            List<Throwable> failures = Stream.generate(IllegalStateException::new).limit(4)
                    .<Throwable>map(failure -> failure).toList();
            atOnce(failures.stream().<Runnable>map(failure -> () -> scopes.failed(failure)).toList());
            scopes.end();
            assertThat(told).hasSize(1);
            Throwable first = told.get(0);
            assertThat(failures).contains(first);
            assertThat(first.getSuppressed()).containsExactlyInAnyOrderElementsOf(
                    failures.stream().filter(failure -> failure != first).toList());
        }
    }

    /** A failure is recorded by a holder, which must not be the last one. */
    @Test
    void scopeEndsOnTheThreadThatEndsItThoughAFailureIsRecordedAtOnce() throws Exception {
        List<Thread> ends = new CopyOnWriteArrayList<>();
        NamedContext context = NamedContext.named("request").onSessionExit(failure -> ends.add(Thread.currentThread()));
        for (int round = 0; round < 500; round++) {
            ends.clear();
            RequestScopes scopes = container.request(RequestFilter.entering(request -> context.session()));
            List<Thread> ending = new CopyOnWriteArrayList<>();
            atOnce(List.of(() -> scopes.failed(new IllegalStateException()), () -> {
                ending.add(Thread.currentThread());
                scopes.end();
            }));
            assertThat(ends).isEqualTo(ending);
        }
    }

    private void atOnce(List<Runnable> actions) throws Exception {
        CyclicBarrier together = new CyclicBarrier(actions.size());
        List<Callable<Boolean>> calls = actions.stream().<Callable<Boolean>>map(action -> () -> {
            together.await();
            action.run();
            return true;
        }).toList();
        for (Future<Boolean> done : threads.invokeAll(calls)) {
            assertThat(done.get()).isTrue();
        }
    }

    @Test
    void sameObjectThatHooksAndCloserThrowIsThrownUnchanged() throws Exception {
        IllegalStateException shared = new IllegalStateException("shared");
        NamedContext outer = NamedContext.named("outer").onSessionExit(failure -> {
            throw shared;
        });
        NamedContext inner = NamedContext.named("inner").onSessionExit(failure -> {
            throw shared;
        });
        ResourceKey<String> db = inner.resource("db", String.class, () -> "db", closed -> {
            throw shared;
        });
        RequestScopes scopes = container.request(RequestFilter.entering(request -> outer.session())
                .thenEntering(request -> inner.session()));
        scopes.tell(db::get);
        assertThatThrownBy(scopes::end).isSameAs(shared);
        assertThat(shared).hasNoSuppressedExceptions();
    }

    @Test
    void failureThatIsThrownIsToldRatherThanAMark() {
        IllegalStateException ofHook = new IllegalStateException("hook");
        NamedContext context = telling("request").onSessionExit(failure -> {
            throw ofHook;
        });
        ServletException thrown = new ServletException("thrown");
        assertThatThrownBy(() -> container.request((request, response) -> {
            markFailed();
            throw thrown;
        }, RequestFilter.entering(request -> context.session()))).isSameAs(thrown).hasSuppressedException(ofHook);
        assertThat(told).containsExactly(thrown);
    }

    /** A task that was marked has failed less than a request whose listener is told of an error. */
    @Test
    void failureThatIsReportedIsToldRatherThanTheMarkOfAStartedTask() throws Exception {
        NamedContext context = telling("request");
        container.request((request, response) -> request.startAsync().start(RequestFailuresTest::markFailed),
                RequestFilter.entering(request -> context.session()));
        container.report(AsyncListener::onError);
        assertThat(told).singleElement().isInstanceOf(IllegalStateException.class)
                .satisfies(failure -> assertThat(failure.getSuppressed()).singleElement()
                        .isInstanceOf(UnsupportedOperationException.class));
    }

    /** Jetty ends the request on the thread that completes it, and other containers at the same time. */
    @Test
    void startedTaskThatCompletesTheRequestTellsItsMark() throws Exception {
        NamedContext outer = telling("outer");
        NamedContext inner = telling("inner");
        container.request((request, response) -> {
            AsyncContext async = request.startAsync();
            async.start(() -> {
                ScopedContext.markFailed(new UnsupportedOperationException("handled"));
                async.complete();
                reportComplete();
            });
        }, RequestFilter.entering(request -> outer.session()), RequestFilter.entering(request -> inner.session()));
        assertThat(told).hasSize(2).allMatch(UnsupportedOperationException.class::isInstance);
    }

    private void reportComplete() {
        try {
            container.report(AsyncListener::onComplete);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
