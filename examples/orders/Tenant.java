package orders;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;

/**
 * A shop that the service is run for: its configuration and its database.
 *
 * @param taxRate what is added to the price of an order, 0.19 for 19 %
 * @param bulkDiscount what is taken off a line of {@link #BULK} pieces or more
 * @param language what its pages are written in unless the user asks for another one
 * @param carrier who brings what is ordered
 */
record Tenant(String name, Currency currency, BigDecimal taxRate, BigDecimal bulkDiscount, Locale language,
        Carrier carrier, Database database) {

    static final int BULK = 10;

    static Tenant nordwind() {
        return new Tenant("nordwind", Currency.getInstance("EUR"), new BigDecimal("0.19"), BigDecimal.ZERO,
                Locale.GERMAN, Carrier.reliable(2), new Database("nordwind"));
    }

    static Tenant acme() {
        return new Tenant("acme", Currency.getInstance("USD"), new BigDecimal("0.0825"), new BigDecimal("0.10"),
                Locale.ENGLISH, Carrier.slowForEvery(40, 5), new Database("acme"));
    }
}
