package dev.scopedcontext.spring.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A running WebFlux application, and a client for it. */
public final class ReactiveServer implements AutoCloseable {

    private static final String SECURITY = "org.springframework.boot.security.autoconfigure.web.reactive"
            + ".ReactiveWebSecurityAutoConfiguration,"
            + "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context;

    private ReactiveServer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts an application without Spring Security. */
    public static ReactiveServer start(Class<?> configuration, String... properties) {
        return startWithSecurity(configuration, with(properties, "spring.autoconfigure.exclude=" + SECURITY));
    }

    /** Starts an application. */
    public static ReactiveServer startWithSecurity(Class<?> configuration, String... properties) {
        return new ReactiveServer(new SpringApplicationBuilder(configuration).web(WebApplicationType.REACTIVE)
                .bannerMode(Banner.Mode.OFF)
                .properties(with(properties, "server.port=0", "logging.level.root=off")).run());
    }

    private static String[] with(String[] properties, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(properties));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    public URI uri(String path) {
        return URI.create("http://localhost:" + port() + path);
    }

    /** Returns a request of a user. */
    public HttpRequest request(String path, String user) {
        return HttpRequest.newBuilder(uri(path)).header("X-User", user).timeout(Duration.ofSeconds(30)).build();
    }

    public HttpResponse<String> get(String path, String user) throws IOException, InterruptedException {
        return client.send(request(path, user), BodyHandlers.ofString());
    }

    public CompletableFuture<HttpResponse<String>> getAsync(String path, String user) {
        return client.sendAsync(request(path, user), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        context.close();
    }
}
