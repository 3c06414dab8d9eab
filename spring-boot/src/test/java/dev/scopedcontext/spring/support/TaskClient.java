package dev.scopedcontext.spring.support;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Gets pages of an application on this machine. */
public final class TaskClient {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private TaskClient() {
    }

    /** Returns the body of a page. */
    public static String get(int port, String path) {
        return getAsync(port, path).join();
    }

    /** Returns the body of a page, or fails if the status is not 200. */
    public static CompletableFuture<String> getAsync(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(20)).build();
        return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(response -> {
            if (response.statusCode() != 200) {
                throw new IllegalStateException(response.statusCode() + " " + response.body());
            }
            return response.body();
        });
    }
}
