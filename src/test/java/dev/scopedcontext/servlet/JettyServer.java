package dev.scopedcontext.servlet;

import java.util.concurrent.ThreadFactory;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A Jetty. */
final class JettyServer extends ServletServer {

    private final Server server;
    private final ServerConnector connector;

    JettyServer(ThreadFactory threads, Action action, RequestFilter... filters) throws Exception {
        super(action, filters);
        QueuedThreadPool pool = new QueuedThreadPool(16) {
            @Override
            protected void runJob(Runnable job) {
                watched.run(job);
            }
        };
        pool.setStopTimeout(200);
        if (isVirtual(threads)) {
            pool.setVirtualThreadsExecutor(watched.watch(task -> threads.newThread(task).start()));
        }
        server = new Server(pool);
        connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, "/error");
        context.setErrorHandler(errors);
        context.addServletContainerInitializer((classes, servletContext) -> initialise(servletContext));
        server.setHandler(context);
        server.start();
    }

    private static boolean isVirtual(ThreadFactory threads) {
        return threads.newThread(() -> {
        }).getClass().getName().contains("Virtual");
    }

    @Override
    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
