package orders;

import static orders.Current.LOCALE;

import java.util.List;
import java.util.Locale;

/** The words of the pages in one language. */
record Phrases(String order, String ordersOf, String tax, String total, String earlierOrders, String delivery,
        String notKnownYet) {

    static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.GERMAN, Locale.FRENCH, Locale.JAPANESE);

    private static final Phrases ENGLISH = new Phrases("Order", "Orders of customer", "Tax", "Total",
            "Earlier orders", "Delivery", "not known yet");
    private static final Phrases GERMAN = new Phrases("Bestellung", "Bestellungen des Kunden", "Steuer", "Summe",
            "Frühere Bestellungen", "Lieferung", "noch nicht bekannt");
    private static final Phrases FRENCH = new Phrases("Commande", "Commandes du client", "Taxe", "Total",
            "Commandes antérieures", "Livraison", "pas encore connue");
    private static final Phrases JAPANESE = new Phrases("注文", "お客様の注文", "税", "合計",
            "以前のご注文", "お届け予定日", "未定");

    /** Returns the words in the language of the current request. */
    static Phrases current() {
        return in(LOCALE.get());
    }

    static Phrases in(Locale language) {
        return switch (language.getLanguage()) {
            case "de" -> GERMAN;
            case "fr" -> FRENCH;
            case "ja" -> JAPANESE;
            default -> ENGLISH;
        };
    }
}
