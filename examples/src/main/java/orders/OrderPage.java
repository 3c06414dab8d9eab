package orders;

import static orders.Current.LOCALE;
import static orders.Current.REQUEST_ID;
import static orders.Current.TENANT;
import static orders.Current.USER;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;

/** Writes pages in the language of the user, with prices in the currency of the tenant. */
final class OrderPage {

    String of(OrderDetails details) {
        Phrases say = Phrases.current();
        Order order = details.priced().order();
        Quote quote = details.priced().quote();
        StringBuilder page = new StringBuilder()
                .append("%s %s, %s, %s\n".formatted(say.order(), order.id(), order.customer(), date(order.placedOn())));
        for (int i = 0; i < order.lines().size(); i++) {
            Order.Line line = order.lines().get(i);
            page.append(row(line.quantity() + " × " + line.product(), quote.prices().get(i)));
        }
        return page.append(row(say.tax() + " " + percent(quote.taxRate()), quote.tax()))
                .append(row(say.total(), quote.total()))
                .append(row(say.earlierOrders(), String.valueOf(details.earlierOrders())))
                .append(details.delivery().map(estimate -> delivery(order, estimate))
                        .orElse(row(say.delivery(), say.notKnownYet())))
                .append(signature())
                .toString();
    }

    String ofAll(long customer, List<String> summaries) {
        return "%s %s\n".formatted(Phrases.current().ordersOf(), customer) + String.join("", summaries) + signature();
    }

    String summary(PricedOrder priced) {
        Order order = priced.order();
        return row(order.id() + ", " + date(order.placedOn()), priced.quote().total());
    }

    String offer(Order.Line product, Quote quote) {
        return "%s, %s: %s\n".formatted(TENANT.get().name(), product.product(), money(quote.total()));
    }

    /** Writes the offers of several shops, each of which has written its own. */
    String ofOffers(String... offers) {
        return String.join("", offers) + signature();
    }

    private static String delivery(Order order, Carrier.Estimate estimate) {
        return row(Phrases.current().delivery() + " (" + estimate.reference() + ")",
                date(order.placedOn().plusDays(estimate.days())));
    }

    private static String row(String what, BigDecimal amount) {
        return row(what, money(amount));
    }

    private static String row(String what, String value) {
        return "  %-32s %16s\n".formatted(what, value);
    }

    private static String signature() {
        return "%s, %s, %s\n".formatted(TENANT.get().name(), USER.get(), REQUEST_ID.get());
    }

    private static String date(LocalDate date) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(LOCALE.get()).format(date);
    }

    private static String money(BigDecimal amount) {
        NumberFormat format = NumberFormat.getCurrencyInstance(LOCALE.get());
        format.setCurrency(TENANT.get().currency());
        format.setMinimumFractionDigits(2);
        return format.format(amount);
    }

    private static String percent(BigDecimal rate) {
        NumberFormat format = NumberFormat.getPercentInstance(LOCALE.get());
        format.setMaximumFractionDigits(2);
        return format.format(rate);
    }
}
