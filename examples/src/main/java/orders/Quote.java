package orders;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/**
 * The price of the lines of an order, as returned by the pricing service.
 *
 * @param taxRate 0.19 for 19 %
 * @param tax the amount of the tax
 * @param prices the price of each line, without tax
 */
record Quote(BigDecimal taxRate, BigDecimal tax, List<BigDecimal> prices) {

    static Quote parse(String text) {
        List<BigDecimal> amounts = Stream.of(text.split(" ")).map(BigDecimal::new).toList();
        return new Quote(amounts.get(0), amounts.get(1), amounts.subList(2, amounts.size()));
    }

    BigDecimal total() {
        return prices.stream().reduce(tax, BigDecimal::add);
    }
}
