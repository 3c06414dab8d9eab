package orders;

import static orders.Current.TENANT;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** What an order costs with the discount and the tax of the current tenant. */
final class Pricing {

    /** The price of an order. */
    record Quote(BigDecimal net, BigDecimal tax) {

        BigDecimal total() {
            return net.add(tax);
        }
    }

    Quote quote(Order order) {
        return quote(order.lines());
    }

    private Quote quote(List<Order.Line> lines) {
        BigDecimal net = lines.stream().map(this::price).reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Quote(net, cents(net.multiply(TENANT.get().taxRate())));
    }

    BigDecimal withTax(Order.Line line) {
        return quote(List.of(line)).total();
    }

    BigDecimal price(Order.Line line) {
        BigDecimal price = line.price().multiply(BigDecimal.valueOf(line.quantity()));
        return line.quantity() < Tenant.BULK
                ? price
                : cents(price.multiply(BigDecimal.ONE.subtract(TENANT.get().bulkDiscount())));
    }

    private static BigDecimal cents(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_UP);
    }
}
