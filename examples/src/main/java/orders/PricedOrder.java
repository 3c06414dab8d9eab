package orders;

/** An order with what it costs. */
record PricedOrder(Order order, Quote quote) {
}
