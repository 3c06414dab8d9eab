package orders;

import java.util.Optional;

/**
 * What the page of an order shows.
 *
 * @param earlierOrders how many the customer had placed before
 * @param delivery what the carrier says, unless it takes too long
 */
record OrderDetails(PricedOrder priced, long earlierOrders, Optional<Carrier.Estimate> delivery) {
}
