package shop;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Asks for prices over HTTP. The service that answers is this application. */
@Component
class Prices {

    private final RestClient client;
    private final Environment environment;

    Prices(RestClient.Builder client, Environment environment) {
        this.client = client.build(); // sends the baggage
        this.environment = environment;
    }

    String ask(String item) {
        String port = environment.getRequiredProperty("local.server.port");
        return client.get().uri("http://localhost:" + port + "/prices/{item}", item).retrieve().body(String.class);
    }
}
