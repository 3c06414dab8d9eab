package orders;

import java.util.Currency;
import java.util.Locale;

/**
 * A shop that the service is run for: its configuration and its database.
 *
 * @param language what its pages are written in unless the user asks for another one
 * @param carrier who brings what is ordered
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
