package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.named.NamedContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the README and of the Javadoc. */
@ExtendWith(CleanThread.class)
class ServletExamplesTest {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);
    static final LocalManager manager = LocalManager.of(Local.named("web"));

    static String user(HttpServletRequest request) {
        return request.getServletPath().substring(1);
    }

    // @start region="filter"
    static class Start implements ServletContextListener {

        @Override
        public void contextInitialized(ServletContextEvent event) {
            RequestFilter.entering(request -> REQUEST.session().with(USER, user(request)))
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

    @Test
    void filter() throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addEventListener(new Start());
        context.addServlet(new Greeting(), "/alice");
        server.setHandler(context);
        server.start();
        try (RawClient client = new RawClient(connector.getLocalPort())) {
            assertThat(client.get("/alice").body()).isEqualTo("Hello alice");
        } finally {
            server.stop();
        }
    }
}
