package orders;

import static java.util.stream.Collectors.joining;
import static orders.Wire.TO_SERVICES;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import service.HttpError;
import service.Tracing;

/** Asks the pricing service, in the name of the current request and tenant. */
final class Pricing {

    private static final Logger log = LoggerFactory.getLogger("orders");

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI service;
    private final Tracing tracing;

    Pricing(URI service, Tracing tracing) {
        this.service = service;
        this.tracing = tracing;
    }

    PricedOrder price(Order order) throws InterruptedException {
        return new PricedOrder(order, quote(order.lines()));
    }

    Quote quote(List<Order.Line> lines) throws InterruptedException {
        String query = lines.stream().map(line -> line.quantity() + "x" + line.price()).collect(joining(","));
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve("/quote?" + query));
        TO_SERVICES.inject(request::setHeader);
        tracing.inject(request::setHeader);
        log.info("asks what {} cost", query);
        HttpResponse<String> answer = send(request.build());
        if (answer.statusCode() != 200) {
            throw new HttpError(answer.statusCode(), answer.body().strip());
        }
        return Quote.parse(answer.body());
    }

    /** Needs no time-out: who is asked knows the deadline, and a task scope around interrupts this when it passes. */
    private HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new HttpError(502, "no price: " + e.getMessage());
        }
    }
}
