package orders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static orders.Current.APP;
import static orders.Current.FLASH;
import static orders.Current.PARTNER;
import static orders.Current.REQUEST_ID;
import static orders.Current.SCRATCH;
import static orders.Current.TENANT;

import com.sun.net.httpserver.HttpExchange;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.http.ExchangeFilter;
import dev.scopedcontext.named.Session;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import service.HttpError;
import service.Reply;
import service.Tracing;

/** The order service, configured for one tenant. Several of these applications run in one process. */
final class Shop {

    private static final Logger log = LoggerFactory.getLogger("orders");
    private static final Pattern ORDER = Pattern.compile("GET /\\w+/orders/(\\d{1,9})");
    private static final Pattern ORDERS_OF_CUSTOMER = Pattern.compile("GET /\\w+/customers/(\\d{1,9})/orders");
    private static final Pattern PRODUCT = Pattern.compile("GET /\\w+/products/(\\d{1,9})");
    private static final Pattern NEW_ORDER = Pattern.compile("POST /\\w+/orders");

    private final Tenant tenant;
    private final OrderService service;
    private Shop partner = this;

    Shop(Tenant tenant, ExecutorService workers, Pricing pricing, Tracing tracing) {
        this.tenant = tenant;
        this.service = new OrderService(workers, pricing, tracing);
    }

    /** Makes this shop and another one show each other's prices. */
    void partnerWith(Shop other) {
        partner = other;
        other.partner = this;
    }

    String name() {
        return tenant.name();
    }

    private Session app() {
        return APP.session().where(TENANT, tenant).where(PARTNER, partner);
    }

    /** Returns the filter that enters the application and empty locals for each request to this shop. */
    ExchangeFilter filter() {
        return ExchangeFilter.entering(exchange -> app()).thenEntering(exchange -> SCRATCH);
    }

    void serve(HttpExchange exchange) throws IOException {
        log.info("{} {}", exchange.getRequestMethod(), exchange.getRequestURI());
        Span.current().setAttribute("request.id", REQUEST_ID.get());
        exchange.getResponseHeaders().set("X-Request-Id", REQUEST_ID.get());
        Reply.of(() -> reply(exchange), log).send(exchange);
    }

    /** Answers another shop during its request, with the configuration and the database of this shop. */
    String offer(long product) throws Exception {
        Session request = Requests.another();
        CallableOp<String, Exception> offer = () -> service.offer(product);
        return app().call(() -> request.call(offer));
    }

    /** Returns the reply after the session and its transaction have ended. */
    private Reply reply(HttpExchange exchange) throws Exception {
        return Requests.session(exchange).call(() -> audited(exchange));
    }

    private Reply audited(HttpExchange exchange) throws Exception {
        Reply reply = route(exchange);
        service.audit();
        FLASH.find().ifPresent(flash -> exchange.getResponseHeaders().set("X-Flash", flash));
        return reply;
    }

    private Reply route(HttpExchange exchange) throws Exception {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        Matcher order = ORDER.matcher(request);
        if (order.matches()) {
            return new Reply(200, service.view(Long.parseLong(order.group(1))));
        }
        Matcher customer = ORDERS_OF_CUSTOMER.matcher(request);
        if (customer.matches()) {
            return new Reply(200, service.list(Long.parseLong(customer.group(1))));
        }
        Matcher product = PRODUCT.matcher(request);
        if (product.matches()) {
            return new Reply(200, service.product(Long.parseLong(product.group(1))));
        }
        if (NEW_ORDER.matcher(request).matches()) {
            long id = service.place(NewOrder.parse(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            String location = "/" + tenant.name() + "/orders/" + id;
            exchange.getResponseHeaders().set("Location", location);
            return new Reply(201, location + "\n");
        }
        throw new HttpError(404, "no " + request);
    }
}
