package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.http.Visits;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.servlet.ServletServer.Kind;
import dev.scopedcontext.support.OwnLibrary;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each application of a container may bring this library, and take it away again. */
@ExtendWith(CleanThread.class)
class OtherLoaderTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Visits visits = new Visits();
    private final AtomicReference<Filter> other = new AtomicReference<>();

    @AfterEach
    void close() {
        visits.close();
    }

    private void note(String event) {
        events.add(event);
        if (event.startsWith("ends")) {
            ended.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void filtersOfTwoLoadersAreAroundOneRequest(Kind kind) throws Exception {
        try (OwnLibrary loader = new OwnLibrary(OtherLoaderTest.class.getClassLoader())) {
            other.set(filter(loader));
            RequestFilter visit = RequestFilter.entering(request -> visits.visit(request.getRequestURI()));
            try (ServletServer server = serve(kind, visit); RawClient client = new RawClient(server.port())) {
                assertThat(client.get("/a").body()).isEqualTo("done");
                visits.assertAllWell(List.of("/a"));
                server.watched.assertClean();
            }
        }
        assertThat(events).containsExactly("begins", "served", "served", "ends null");
    }

    @ParameterizedTest
    @EnumSource
    void theLoaderOfAFilterIsCollectedThoughTheContainerGoesOn(Kind kind) throws Exception {
        try (ServletServer server = serve(kind); RawClient client = new RawClient(server.port())) {
            WeakReference<ClassLoader> loader = useOther(client);
            OwnLibrary.assertCollected(loader);
        }
        assertThat(events).containsExactly("begins", "served", "served", "ends null");
    }

    private WeakReference<ClassLoader> useOther(RawClient client) throws Exception {
        try (OwnLibrary loader = new OwnLibrary(OtherLoaderTest.class.getClassLoader())) {
            other.set(filter(loader));
            assertThat(client.get("/a").body()).isEqualTo("done");
            ended.await();
            other.getAndSet(null).destroy();
            return new WeakReference<>(loader);
        }
    }

    /** Dispatches once, behind the filter of the other loader. */
    private ServletServer serve(Kind kind, RequestFilter... filters) throws Exception {
        return kind.start(Thread::new, (request, response) -> other.get().doFilter(request, response, (in, out) -> {
            note("served");
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                in.startAsync().dispatch();
            } else {
                out.getWriter().write("done");
            }
        }), filters);
    }

    private Filter filter(ClassLoader loader) throws Exception {
        Class<?> made = loader.loadClass(Make.class.getName());
        assertThat(made).isNotSameAs(Make.class);
        @SuppressWarnings("unchecked")
        Function<Consumer<String>, Filter> make = (Function<Consumer<String>, Filter>) made.getConstructor()
                .newInstance();
        return make.apply(this::note);
    }

    /** Makes a filter of the library of its loader. */
    public static final class Make implements Function<Consumer<String>, Filter> {

        @Override
        public Filter apply(Consumer<String> note) {
            NamedContext context = NamedContext.named("other").onSessionExit(failure -> note.accept("ends " + failure));
            return RequestFilter.entering(request -> {
                note.accept("begins");
                return context.session();
            });
        }
    }
}
