package orders;

import static orders.Current.LOCALE;

import java.util.List;
import java.util.Locale;

/** The words of the pages in one language. */
record Phrases(String order, String ordersOf, String tax, String total) {

    static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.GERMAN, Locale.FRENCH, Locale.JAPANESE);

    private static final Phrases ENGLISH = new Phrases("Order", "Orders of customer", "Tax", "Total");
    private static final Phrases GERMAN = new Phrases("Bestellung", "Bestellungen des Kunden", "Steuer", "Summe");
    private static final Phrases FRENCH = new Phrases("Commande", "Commandes du client", "Taxe", "Total");
    private static final Phrases JAPANESE = new Phrases("注文", "お客様の注文", "税", "合計");

    /** Returns the words in the language of the current request. */
    static Phrases current() {
        return switch (LOCALE.get().getLanguage()) {
            case "de" -> GERMAN;
            case "fr" -> FRENCH;
            case "ja" -> JAPANESE;
            default -> ENGLISH;
        };
    }
}
