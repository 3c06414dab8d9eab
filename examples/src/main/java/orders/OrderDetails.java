package orders;

import java.util.Optional;

/**
 * The content of the page of an order.
 *
 * @param earlierOrders the number of orders that the customer had placed before
 * @param delivery the estimate of the carrier, unless that takes too long
 */
record OrderDetails(PricedOrder priced, long earlierOrders, Optional<Carrier.Estimate> delivery) {
}
