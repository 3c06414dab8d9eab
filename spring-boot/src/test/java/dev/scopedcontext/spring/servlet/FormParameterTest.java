package dev.scopedcontext.spring.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.spring.support.ServletApplication;
import dev.scopedcontext.spring.support.ServletKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Openers that read parameters of a form, whose encoding Spring Boot sets in a filter. */
class FormParameterTest {

    static final ContextKey<String> NAME = ContextKey.named("name");

    @ParameterizedTest
    @MethodSource("dev.scopedcontext.spring.support.ServletKind#platform")
    void anOpenerReadsThemInTheRightEncoding(ServletKind kind) throws Exception {
        try (ServletApplication application = ServletApplication.start(kind, App.class)) {
            HttpRequest post = HttpRequest.newBuilder(URI.create("http://localhost:" + application.port() + "/name"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("name=J%C3%BCrgen")).build();
            assertThat(HttpClient.newHttpClient().send(post, BodyHandlers.ofString()).body())
                    .isEqualTo("J\u00fcrgen J\u00fcrgen");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class App {

        @Bean
        RequestScopeOpener name() {
            return request -> ScopedContext.where(NAME, request.getParameter("name"));
        }
    }

    @RestController
    static class Endpoint {

        @PostMapping("/name")
        String name(@RequestParam String name) {
            return NAME.get() + " " + name;
        }
    }
}
