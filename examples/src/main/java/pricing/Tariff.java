package pricing;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tax and the discount of a tenant.
 *
 * @param taxRate the tax on the price of an order, 0.19 for 19 %
 * @param bulkDiscount the discount on a line of {@link #BULK} pieces or more
 */
public record Tariff(String tenant, BigDecimal taxRate, BigDecimal bulkDiscount) {

    private static final int BULK = 10;

    private static final Map<String, Tariff> ALL = Stream.of(
            new Tariff("nordwind", new BigDecimal("0.19"), BigDecimal.ZERO),
            new Tariff("acme", new BigDecimal("0.0825"), new BigDecimal("0.10")))
            .collect(toMap(Tariff::tenant, identity()));

    /** Returns the tariff of a tenant, or null if there is no such tenant. */
    public static @Nullable Tariff of(String tenant) {
        return ALL.get(tenant);
    }

    BigDecimal price(Line line) {
        BigDecimal price = line.price().multiply(BigDecimal.valueOf(line.quantity()));
        return line.quantity() < BULK ? price : cents(price.multiply(BigDecimal.ONE.subtract(bulkDiscount)));
    }

    BigDecimal tax(BigDecimal net) {
        return cents(net.multiply(taxRate));
    }

    private static BigDecimal cents(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_UP);
    }
}
