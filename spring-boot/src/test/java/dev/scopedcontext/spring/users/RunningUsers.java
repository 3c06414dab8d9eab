package dev.scopedcontext.spring.users;

import dev.scopedcontext.spring.support.ServletKind;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import reactor.core.publisher.Hooks;

/** The running application. */
final class RunningUsers implements AutoCloseable {

    private final ServletWebServerApplicationContext context;

    private RunningUsers(ServletWebServerApplicationContext context) {
        this.context = context;
    }

    static RunningUsers start(ServletKind kind, String... properties) {
        SpringApplication application = new SpringApplication(UserApplication.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setRegisterShutdownHook(false);
        List<String> arguments = new ArrayList<>(List.of(
                "server.port=0", "spring.main.banner-mode=off", "logging.level.root=off",
                "spring.threads.virtual.enabled=" + kind.virtual,
                "spring.autoconfigure.exclude=" + kind.excluded
                        + ",org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                "spring.task.execution.mode=force", "spring.task.execution.pool.core-size=16",
                "spring.reactor.context-propagation=auto", "scopedcontext.security.enabled=true",
                "server.tomcat.threads.max=24", "server.jetty.threads.max=32"));
        arguments.addAll(List.of(properties));
        return new RunningUsers((ServletWebServerApplicationContext) application.run(
                arguments.stream().map(argument -> "--" + argument).toArray(String[]::new)));
    }

    private int port() {
        return context.getWebServer().getPort();
    }

    UserTraffic traffic() {
        return new UserTraffic(port());
    }

    AbortingClients abortingClients() {
        return new AbortingClients(port(), bean(Records.class), bean(UserPages.class));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    ThreadPools pools() {
        return new ThreadPools(context);
    }

    @Override
    public void close() {
        context.close();
        Hooks.disableAutomaticContextPropagation(); // which belongs to the process
    }
}
