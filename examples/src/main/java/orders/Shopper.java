package orders;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * A customer of every tenant, who sends one request after the other and checks each response against the database. No
 * other shopper orders for this customer, so the database determines the list of orders.
 */
final class Shopper implements Callable<List<Visit>> {

    /** The ids of two requests that are shown at the end. */
    static final String IN_TIME = "in-time";
    static final String IN_HASTE = "in-haste";

    /** The number of requests that {@link #call()}, {@link #askInVain()} and {@link #askForTheRecord()} send. */
    static final int VISITS = 80;
    static final int IN_VAIN = 6;
    static final int FOR_THE_RECORD = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<String> USERS = List.of("ann", "bob", "chloe", "dmitri", "emre", "fatima", "gudrun");

    private final int number;
    private final URI server;
    private final List<Books> books;
    private final HttpClient client;
    private final Progress progress;
    private final Random random;

    Shopper(int number, URI server, List<Books> books, HttpClient client, Progress progress) {
        this.number = number;
        this.server = server;
        this.books = books;
        this.client = client;
        this.progress = progress;
        this.random = new Random(number);
    }

    @Override
    public List<Visit> call() throws Exception {
        List<Visit> visits = new ArrayList<>();
        while (visits.size() < VISITS) {
            visits.add(visit("%d-%d".formatted(number, visits.size() + 1), anyOf(books)));
        }
        return visits;
    }

    /** Sends requests for which no shop needs its database. */
    List<Visit> askInVain() throws Exception {
        List<Visit> visits = new ArrayList<>();
        for (Books shop : books) {
            for (int i = 0; i < 3; i++) {
                Visit visit = new Visit("in-vain-" + i, shop.tenant(), anyOf(USERS), anyOf(Phrases.LANGUAGES));
                switch (i) {
                    case 0 -> askForNoTenant(visit);
                    case 1 -> askAsNobody(visit);
                    default -> askForNoPage(visit);
                }
                visits.add(visit);
            }
        }
        return visits;
    }

    /** Views an order, and then another one with less time than its price needs. */
    List<Visit> askForTheRecord() throws Exception {
        Books shop = books.get(0);
        Visit inTime = new Visit(IN_TIME, shop.tenant(), "ann", Locale.ENGLISH);
        view(inTime, shop.order(17));
        Visit large = new Visit("large", shop.tenant(), "bob", Locale.ENGLISH);
        Books.Entry byHand = place(large, shop, List.of(new NewOrder.Item(1_000, 31)));
        Visit inHaste = new Visit(IN_HASTE, shop.tenant(), "bob", Locale.ENGLISH);
        viewInHaste(inHaste, byHand.id());
        return List.of(inTime, large, inHaste);
    }

    private Visit visit(String id, Books books) throws Exception {
        Visit visit = new Visit(id, books.tenant(), anyOf(USERS), anyOf(Phrases.LANGUAGES));
        switch (random.nextInt(14)) {
            case 0 -> askForNoTenant(visit);
            case 1 -> askAsNobody(visit);
            case 2 -> askForNoOrder(visit);
            case 3, 4 -> place(visit, books, anyItems());
            case 5, 6 -> list(visit, books);
            case 7 -> compare(visit);
            case 8 -> placeHalf(visit, books);
            default -> view(visit, books.order(1 + random.nextInt(SampleData.ORDERS)));
        }
        return visit;
    }

    private void view(Visit visit, Books.Entry order) throws Exception {
        HttpResponse<String> answer = send(visit, request(visit, "/orders/" + order.id()));
        Optional<LocalDate> known = order.delivery().filter(day -> !timeWasUp(visit, answer));
        String reference = known.isPresent() ? " (" + visit.user() + "/" + visit.id() + ") " : "";
        String delivery = known.map(visit::date).orElse(visit.say().notKnownYet());
        visit.expectPage(answer, List.of(" " + order.id() + ", ", order.customer(), visit.date(order.placedOn()),
                " " + visit.money(order.total()), " " + order.earlierOrders() + "\n",
                reference, " " + delivery + "\n"));
        visit.expectWithin(PATIENCE);
        visit.expectAudit("viewed order " + order.id());
        visit.expectLogged("pricing", "an order costs " + order.total() + " at " + visit.tenant().name());
        visit.expectTrace(traceOfPage("/" + visit.tenant().name() + "/orders/" + order.id(), order.lines()));
    }

    /** Returns the spans of a page. Those of subtasks are children of the span that forked them, in both services. */
    private static List<String> traceOfPage(String path, int lines) {
        List<String> spans = new ArrayList<>(List.of(
                "orders  GET " + path,
                "orders    delivery",
                "orders      estimate",
                "orders    earlier orders",
                "orders    order and price",
                "pricing     GET /quote"));
        spans.addAll(Collections.nCopies(lines, "pricing       line"));
        return spans;
    }

    /** Waits for a second. Both services must then stop working on the request. */
    private void viewInHaste(Visit visit, long order) throws Exception {
        HttpRequest.Builder request = request(visit, "/orders/" + order).header("Request-Timeout", "1S");
        visit.expectStatus(send(visit, request), 504);
        visit.expectWithin(PATIENCE);
        visit.expectLogged("pricing", "answers 504, out of time");
        visit.expectLogged("orders", "answers 504, out of time");
    }

    /** Returns whether the carrier may have been too slow. On a busy machine, any carrier may be. */
    private static boolean timeWasUp(Visit visit, HttpResponse<String> page) {
        return visit.nanos() >= OrderLookUps.TIME_FOR_CARRIER.toNanos()
                && page.body().contains(visit.say().notKnownYet());
    }

    private void list(Visit visit, Books books) throws Exception {
        HttpResponse<String> answer = send(visit, request(visit, "/customers/" + number + "/orders"));
        List<String> rows = new ArrayList<>();
        for (Books.Entry order : books.ordersOf(number)) {
            rows.add("\n  " + order.id() + ", " + visit.date(order.placedOn()));
            rows.add(" " + visit.money(order.total()));
        }
        visit.expectPage(answer, rows);
        visit.expect(answer.body().lines().count() == rows.size() / 2 + 2, "got other orders too: " + answer.body());
        visit.expectAudit("listed orders of customer " + number);
    }

    /** Compares the price of a product: each shop shows it with its own tax and currency. */
    private void compare(Visit visit) throws Exception {
        long product = 1L + random.nextInt(SampleData.PRODUCTS);
        List<String> texts = new ArrayList<>();
        for (Books shop : booksFrom(visit.tenant())) {
            Books.Offer offer = shop.offer(product);
            texts.add(shop.tenant().name() + ", " + offer.product() + ": " + visit.money(offer.price(), shop.tenant())
                    + "\n");
        }
        HttpResponse<String> answer = send(visit, request(visit, "/products/" + product));
        visit.expectPage(answer, texts);
        visit.expect(answer.headers().firstValue("X-Flash").isEmpty(), "got the message of another request");
        visit.expectAudit("compared product " + product);
    }

    /** Returns the books of a tenant, followed by those of its partner. */
    private List<Books> booksFrom(Tenant first) {
        return books.stream().sorted(Comparator.comparing(shop -> shop.tenant() != first)).toList();
    }

    private List<NewOrder.Item> anyItems() {
        List<NewOrder.Item> items = new ArrayList<>();
        do {
            items.add(new NewOrder.Item(1 + random.nextInt(12), 1 + random.nextInt(SampleData.PRODUCTS)));
        } while (random.nextBoolean());
        return items;
    }

    private Books.Entry place(Visit visit, Books books, List<NewOrder.Item> items) throws Exception {
        String form = new NewOrder(number, items).form();
        HttpRequest.Builder request = request(visit, "/orders").POST(BodyPublishers.ofString(form));
        HttpResponse<String> answer = send(visit, request);
        visit.expectStatus(answer, 201);
        String flash = answer.headers().firstValue("X-Flash").orElse("none");
        visit.expect(flash.equals("Thank you, " + visit.user()), "got the message: " + flash);
        List<Books.Entry> orders = books.ordersOf(number);
        Books.Entry placed = orders.get(orders.size() - 1);
        visit.expect(placed.form().equals(form), "ordered " + form + " but got " + placed);
        visit.expect(answer.body().endsWith("/orders/" + placed.id() + "\n"),
                "got " + answer.body() + " for " + placed);
        visit.expectAudit("placed order " + placed.id());
        return placed;
    }

    /** Orders a product that exists and one that does not. Neither order may be kept. */
    private void placeHalf(Visit visit, Books books) throws Exception {
        List<Books.Entry> before = books.ordersOf(number);
        List<NewOrder.Item> items = List.of(new NewOrder.Item(1, 1), new NewOrder.Item(1, SampleData.PRODUCTS + 1));
        HttpRequest.Builder request = request(visit, "/orders");
        visit.expectStatus(
                send(visit, request.POST(BodyPublishers.ofString(new NewOrder(number, items).form()))), 400);
        visit.expect(books.ordersOf(number).equals(before), "left an order behind that was refused");
    }

    private void askForNoOrder(Visit visit) throws Exception {
        visit.expectStatus(send(visit, request(visit, "/orders/999999999")), 404);
    }

    private void askForNoTenant(Visit visit) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/nobody/orders/1"));
        visit.expectStatus(send(visit, request.header("X-User", visit.user())), 400);
    }

    private void askAsNobody(Visit visit) throws Exception {
        visit.expectStatus(send(visit, HttpRequest.newBuilder(uri(visit, "/orders/1"))), 401);
    }

    private void askForNoPage(Visit visit) throws Exception {
        visit.expectStatus(send(visit, request(visit, "/offers")), 404);
    }

    private HttpResponse<String> send(Visit visit, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = visit.send(client, request);
        progress.answered();
        return answer;
    }

    private HttpRequest.Builder request(Visit visit, String path) {
        return HttpRequest.newBuilder(uri(visit, path)).header("X-User", visit.user());
    }

    private URI uri(Visit visit, String path) {
        return server.resolve("/" + visit.tenant().name() + path);
    }

    private <T> T anyOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
