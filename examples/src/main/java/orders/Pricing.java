package orders;

import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.joining;
import static orders.Wire.TO_SERVICES;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.task.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import service.HttpError;
import service.Tracing;

/** Asks the pricing service on behalf of the current request and tenant. */
final class Pricing {

    private static final Logger log = LoggerFactory.getLogger("orders");

    private static final Duration TIME_FOR_ANSWER = ofSeconds(10);

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

    /** Returns the price, before the deadline of the caller and within a limit of its own. */
    Quote quote(List<Order.Line> lines) throws InterruptedException {
        CallableOp<Quote, InterruptedException> asking = () -> ask(lines);
        return Deadline.within(TIME_FOR_ANSWER).call(asking);
    }

    private Quote ask(List<Order.Line> lines) throws InterruptedException {
        String query = lines.stream().map(line -> line.quantity() + "x" + line.price()).collect(joining(","));
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve("/quote?" + query));
        tracing.inject(request::setHeader);
        TO_SERVICES.inject(request::setHeader, request.build().headers()::allValues);
        log.info("asks what {} cost", query);
        HttpResponse<String> answer = send(request.timeout(timeLeft()).build());
        if (answer.statusCode() != 200) {
            throw new HttpError(answer.statusCode(), answer.body().strip());
        }
        return Quote.parse(answer.body());
    }

    /** Returns the timeout of the client. The service also knows the deadline, and should respond before it. */
    private static Duration timeLeft() {
        return Deadline.current().remaining().plusMillis(1); // the client refuses a timeout of zero
    }

    private HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (HttpTimeoutException e) {
            throw new HttpError(504, "out of time");
        } catch (IOException e) {
            throw new HttpError(502, "no price: " + e);
        }
    }
}
