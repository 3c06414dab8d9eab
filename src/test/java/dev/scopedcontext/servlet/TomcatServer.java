package dev.scopedcontext.servlet;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;

/** A Tomcat. */
final class TomcatServer extends ServletServer {

    /** Kept, since what is set in loggers that nobody keeps is forgotten. */
    private static final Logger LOGGER = Logger.getLogger("org.apache");

    static {
        LOGGER.setUseParentHandlers(false); // it tells of each exception that a test throws in a servlet
    }

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();
    private final ExecutorService executor;
    private final Path directory = Files.createTempDirectory("tomcat");

    TomcatServer(ThreadFactory threads, Application application)
            throws IOException, LifecycleException {
        super(application);
        executor = Executors.newFixedThreadPool(16, threads);
        Http11NioProtocol http = (Http11NioProtocol) connector.getProtocolHandler();
        http.setExecutor(watched.watch(executor));
        http.setMaxKeepAliveRequests(-1);
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setBaseDir(directory.toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        ((StandardContext) context).setUnloadDelay(100); // how long it waits for requests when it stops
        ErrorPage errors = new ErrorPage();
        errors.setLocation("/error");
        context.addErrorPage(errors);
        context.addServletContainerInitializer((classes, servletContext) -> initialise(servletContext), Set.of());
        tomcat.start();
    }

    @Override
    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        executor.shutdownNow();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
