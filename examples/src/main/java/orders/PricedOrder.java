package orders;

/** An order with its price. */
record PricedOrder(Order order, Quote quote) {
}
