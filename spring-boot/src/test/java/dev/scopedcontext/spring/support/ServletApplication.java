package dev.scopedcontext.spring.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** A running servlet application on a free port, with the servlet room of the starter and no other room. */
public final class ServletApplication implements AutoCloseable {

    private static final String SECURITY = "org.springframework.boot.security.autoconfigure.";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ServletWebServerApplicationContext context;

    private ServletApplication(ServletWebServerApplicationContext context) {
        this.context = context;
    }

    /** Starts an application without Spring Security. */
    public static ServletApplication start(ServletKind kind, Class<?> configuration, String... properties) {
        return start(kind, List.of(kind.excluded,
                SECURITY + "SecurityAutoConfiguration",
                SECURITY + "UserDetailsServiceAutoConfiguration",
                SECURITY + "web.servlet.SecurityFilterAutoConfiguration",
                SECURITY + "web.servlet.ServletWebSecurityAutoConfiguration"), configuration, properties);
    }

    /** Starts an application with Spring Security. */
    public static ServletApplication startSecured(ServletKind kind, Class<?> configuration, String... properties) {
        return start(kind, List.of(kind.excluded), configuration, properties);
    }

    private static ServletApplication start(ServletKind kind, List<String> excluded, Class<?> configuration,
            String... properties) {
        SpringApplication application = new SpringApplication(configuration);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setRegisterShutdownHook(false);
        List<String> arguments = new ArrayList<>(List.of(
                "server.port=0", "spring.main.banner-mode=off", "spring.threads.virtual.enabled=" + kind.virtual,
                "spring.autoconfigure.exclude=" + String.join(",", excluded),
                "scopedcontext.task.enabled=false", "scopedcontext.micrometer.enabled=false",
                "scopedcontext.client.enabled=false", "scopedcontext.bean.enabled=false"));
        arguments.addAll(List.of(properties));
        return new ServletApplication((ServletWebServerApplicationContext) application.run(
                arguments.stream().map(argument -> "--" + argument).toArray(String[]::new)));
    }

    public int port() {
        return context.getWebServer().getPort();
    }

    public ServletWebServerApplicationContext context() {
        return context;
    }

    /** Requests a path, with headers as pairs of a name and a value. */
    public Answer get(String path, String... headers) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request(path, headers), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    private HttpRequest request(String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
                .timeout(Duration.ofSeconds(30));
        return (headers.length == 0 ? builder : builder.headers(headers)).build();
    }

    @Override
    public void close() {
        context.close();
    }

    /** The answer of an application. */
    public record Answer(int status, String body) {
    }
}
