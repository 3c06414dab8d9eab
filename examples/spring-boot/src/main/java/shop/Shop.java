package shop;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.spring.servlet.RequestScopeOpener;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.UUID;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableAsync;

/** The application, and the context of its requests. */
@EnableAsync
@SpringBootApplication
public class Shop {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> ID = REQUEST.key("id", String.class, key -> key.mirror(MdcMirror.to("request")));
    static final ContextKey<String> USER = REQUEST.key("user", String.class, key -> key.mirror(MdcMirror.to("user")));

    /** Starts the shop. */
    public static void main(String[] args) {
        SpringApplication.run(Shop.class, args);
    }

    @Bean
    NamedContext request() {
        return REQUEST;
    }

    /** Opens a session around each request. Requests that the shop sends to itself bring both values along. */
    @Bean
    RequestScopeOpener session() {
        return request -> REQUEST.session()
                .where(ID, ID.find().orElseGet(() -> UUID.randomUUID().toString().substring(0, 8)))
                .where(USER, USER.find().orElseGet(() -> user(request)));
    }

    private static String user(HttpServletRequest request) {
        return Objects.requireNonNullElse(request.getHeader("X-User"), "guest");
    }

    @Bean
    ContextBaggage baggage() {
        return ContextBaggage.builder().member("request-id", ID).member("user", USER).build();
    }

    @Bean
    ApplicationRunner introduction() {
        return arguments -> System.out.println("""
                The shop is open. Try:

                    curl -X POST -H 'X-User: alice' localhost:8080/orders/tea
                    curl -X POST -H 'X-User: bob' localhost:8080/orders/coffee
                    curl localhost:8080/orders

                Press Ctrl-C to stop it.
                """);
    }
}
