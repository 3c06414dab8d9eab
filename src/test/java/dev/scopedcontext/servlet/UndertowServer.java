package dev.scopedcontext.servlet;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.api.ServletStackTraces;
import io.undertow.servlet.util.ImmediateInstanceHandle;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.logging.Logger;

/** An Undertow. */
final class UndertowServer extends ServletServer {

    /** Referenced from here, because settings of a logger are lost when it is collected. */
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"));

    static {
        System.setProperty("org.jboss.logging.provider", "jdk");
        LOGGERS.forEach(logger -> logger.setUseParentHandlers(false)); // the tests throw many exceptions
    }

    private final ExecutorService executor;
    private final DeploymentManager deployment;
    private final Undertow server;

    UndertowServer(ThreadFactory threads, Application application) throws ServletException {
        super(application);
        executor = new ThreadPoolExecutor(16, 16, 0, SECONDS, new LinkedBlockingQueue<>(), threads,
                new ThreadPoolExecutor.DiscardPolicy()); // of requests that go on when the server stops
        Executor watching = watched.watch(this::execute);
        ServletContainerInitializer initializer = (classes, context) -> initialise(context);
        deployment = Servlets.newContainer().addDeployment(new DeploymentInfo().setDeploymentName("test")
                .setContextPath("/")
                .setClassLoader(UndertowServer.class.getClassLoader())
                .setExecutor(watching)
                .setAsyncExecutor(watching)
                .addErrorPage(Servlets.errorPage("/error"))
                .setServletStackTraces(ServletStackTraces.NONE)
                .setExceptionHandler((exchange, request, response, failure) -> false) // which logs nothing
                .addServletContainerInitializer(new ServletContainerInitializerInfo(initializer.getClass(),
                        () -> new ImmediateInstanceHandle<>(initializer), Set.of())));
        deployment.deploy();
        server = Undertow.builder().setIoThreads(2).setWorkerThreads(2)
                .addHttpListener(0, "127.0.0.1", deployment.start())
                .build();
        server.start();
    }

    /** Executes a task, whose exceptions do not reach the handler of the thread. */
    private void execute(Runnable task) {
        Future<?> unused = executor.submit(task);
    }

    @Override
    int port() {
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() throws Exception {
        deployment.stop();
        deployment.undeploy();
        server.stop();
        executor.shutdownNow();
    }
}
