package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.servlet.ServletServer.Kind;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples of the README and of the Javadoc. */
@ExtendWith(CleanThread.class)
class ServletExamplesTest {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);
    static final LocalManager manager = LocalManager.of(Local.named("web"));

    static String user(HttpServletRequest request) {
        return request.getRequestURI().substring(1);
    }

    // @start region="filter"
    static class Start implements ServletContextListener {

        @Override
        public void contextInitialized(ServletContextEvent event) {
            RequestFilter.entering(request -> REQUEST.session().where(USER, user(request)))
                    .thenEntering(request -> manager)
                    .addTo(event.getServletContext());
        }
    }
    // @end

    private static final class Greeting extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().write("Hello " + USER.get());
        }
    }

    @ParameterizedTest
    @EnumSource
    void filter(Kind kind) throws Exception {
        try (ServletServer server = kind.deploy(Thread::new, (context, unused) -> {
            new Start().contextInitialized(new ServletContextEvent(context));
            ServletServer.addServlet(context, new Greeting());
        }); RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/alice").body()).isEqualTo("Hello alice");
        }
    }
}
