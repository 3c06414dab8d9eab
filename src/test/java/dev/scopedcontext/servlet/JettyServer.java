package dev.scopedcontext.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.concurrent.ThreadFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A Jetty. The packages that differ between its versions are reached by reflection: {@code ee10} and {@code ee11}. */
final class JettyServer extends ServletServer {

    private final Server server;
    private final ServerConnector connector;

    JettyServer(ThreadFactory threads, Application application) throws Exception {
        super(application);
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
        server.setHandler(handler());
        server.start();
    }

    private Handler handler() throws ReflectiveOperationException {
        Class<?> errorsType = eeClass("ErrorPageErrorHandler");
        Object errors = errorsType.getConstructor().newInstance();
        Object allErrors = errorsType.getField("GLOBAL_ERROR_PAGE").get(null);
        errorsType.getMethod("addErrorPage", String.class, String.class).invoke(errors, allErrors, "/error");
        Class<?> contextType = eeClass("ServletContextHandler");
        Object context = contextType.getConstructor(String.class).newInstance("/");
        contextType.getMethod("setErrorHandler", Request.Handler.class).invoke(context, errors);
        ServletContainerInitializer initializer = (classes, servletContext) -> initialise(servletContext);
        contextType.getMethod("addServletContainerInitializer", ServletContainerInitializer.class)
                .invoke(context, initializer);
        return (Handler) context;
    }

    private static Class<?> eeClass(String name) throws ClassNotFoundException {
        try {
            return Class.forName("org.eclipse.jetty.ee11.servlet." + name);
        } catch (ClassNotFoundException servlet60) {
            return Class.forName("org.eclipse.jetty.ee10.servlet." + name);
        }
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
