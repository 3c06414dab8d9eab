package orders;

import static java.time.Duration.ofSeconds;
import static orders.Current.TENANT;

import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.Subtask;
import dev.scopedcontext.task.TaskScope;
import java.time.Duration;
import java.util.Optional;
import service.HttpError;
import service.Tracing;

/**
 * Looks up the parts of the page of an order concurrently, under a deadline. The estimate of the carrier has less time.
 * If it is not there in time, the page is shown without it.
 */
final class OrderLookUps {

    static final Duration TIME_FOR_CARRIER = ofSeconds(2);
    private static final Duration TIME_FOR_ALL = ofSeconds(10);

    private final OrderRepository orders;
    private final Pricing pricing;
    private final Tracing tracing;

    OrderLookUps(OrderRepository orders, Pricing pricing, Tracing tracing) {
        this.orders = orders;
        this.pricing = pricing;
        this.tracing = tracing;
    }

    OrderDetails details(long id) throws InterruptedException {
        return Deadline.within(TIME_FOR_ALL).call(() -> detailsBeforeDeadline(id));
    }

    /** Looks up all parts. The first failure, for example if there is no such order, cancels the other look-ups. */
    private OrderDetails detailsBeforeDeadline(long id) throws InterruptedException {
        try (var scope = TaskScope.open(Joiner.awaitAllSuccessfulOrThrow(HttpError::because),
                c -> c.withName("order page"))) {
            Subtask<PricedOrder> order = scope
                    .fork(tracing.span("order and price", () -> pricing.price(orders.get(id))));
            Subtask<Long> earlierOrders = scope.fork(tracing.span("earlier orders", () -> orders.countBefore(id)));
            Subtask<Optional<Carrier.Estimate>> delivery = scope
                    .fork(tracing.span("delivery", () -> deliveryIfKnownInTime(id)));
            scope.join();
            return new OrderDetails(order.get(), earlierOrders.get(), delivery.get());
        }
    }

    private Optional<Carrier.Estimate> deliveryIfKnownInTime(long id) throws InterruptedException {
        try (var scope = TaskScope.open(Joiner.<Carrier.Estimate>collect(),
                c -> c.withName("delivery").withTimeout(TIME_FOR_CARRIER))) {
            scope.fork(tracing.span("estimate", () -> TENANT.get().carrier().estimate(id)));
            return scope.join().successes().stream().findFirst();
        }
    }
}
