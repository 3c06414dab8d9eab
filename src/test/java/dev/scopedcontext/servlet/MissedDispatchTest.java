package dev.scopedcontext.servlet;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.servlet.ServletServer.Kind;
import dev.scopedcontext.support.LogLines;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A filter that asynchronous dispatches do not pass reports this once. */
@ExtendWith(CleanThread.class)
class MissedDispatchTest {

    private final Semaphore ends = new Semaphore(0);
    private final List<String> dispatches = new CopyOnWriteArrayList<>();
    private final NamedContext context = NamedContext.named("request").onSessionExit(failure -> ends.release());

    @ParameterizedTest
    @EnumSource
    void aFilterThatIsMappedToRequestsAloneReportsItOnce(Kind kind) throws Exception {
        List<String> warnings = serve(kind, EnumSet.of(DispatcherType.REQUEST));
        assertThat(warnings).containsExactly("An asynchronous dispatch did not pass the filter mine, so it ran outside"
                + " the filter's scope. Map the filter to the dispatcher types REQUEST, ASYNC and ERROR, as"
                + " RequestFilter.addTo(ServletContext) does");
        assertThat(dispatches).containsExactly("ASYNC false", "ASYNC false");
    }

    @ParameterizedTest
    @EnumSource
    void aFilterThatDispatchesPassReportsNothing(Kind kind) throws Exception {
        assertThat(serve(kind, EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC))).isEmpty();
        assertThat(dispatches).containsExactly("ASYNC true", "ASYNC true");
    }

    /** Makes two requests of three rounds. */
    private List<String> serve(Kind kind, EnumSet<DispatcherType> types) throws Exception {
        RequestFilter filter = RequestFilter.entering(request -> context.session());
        try (LogLines lines = LogLines.capture(); ServletServer server = kind.deploy(Thread::new, (app, served) -> {
            FilterRegistration.Dynamic added = app.addFilter("mine", filter);
            added.setAsyncSupported(true);
            added.addMappingForUrlPatterns(types, false, "/*");
            served.addServlet(app, (request, response) -> {
                if (request.getDispatcherType() == DispatcherType.REQUEST) {
                    request.startAsync().dispatch();
                } else {
                    dispatches.add(request.getDispatcherType() + " " + context.isActive());
                }
            });
        }); RawClient client = new RawClient(server.port())) {
            client.get("/a");
            client.get("/b");
            assertThat(ends.tryAcquire(2, 10, SECONDS)).isTrue();
            return lines.messages();
        }
    }
}
