package orders;

import java.util.Currency;
import java.util.Locale;

/**
 * A shop that the service serves: its configuration and its database.
 *
 * @param language the language of its pages, unless the user asks for another one
 * @param carrier the carrier that delivers its orders
 */
record Tenant(String name, Currency currency, Locale language, Carrier carrier, Database database) {

    static Tenant nordwind() {
        return new Tenant("nordwind", Currency.getInstance("EUR"), Locale.GERMAN,
                Carrier.reliable(2), new Database("nordwind"));
    }

    static Tenant acme() {
        return new Tenant("acme", Currency.getInstance("USD"), Locale.ENGLISH,
                Carrier.slowForEvery(40, 5), new Database("acme"));
    }
}
