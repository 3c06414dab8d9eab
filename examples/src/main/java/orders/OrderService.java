package orders;

import static orders.Current.FLASH;
import static orders.Current.PARTNER;
import static orders.Current.USER;

import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import service.HttpError;
import service.Tracing;

/** The actions of users: to view, list and place orders, and to compare prices. All of them are audited. */
final class OrderService {

    private final OrderRepository orders = new OrderRepository();
    private final OrderPage page = new OrderPage();
    private final ExecutorService workers;
    private final Pricing pricing;
    private final Tracing tracing;
    private final OrderLookUps lookUps;
    private final AuditLog audit;

    OrderService(ExecutorService workers, Pricing pricing, Tracing tracing) {
        this.workers = workers;
        this.pricing = pricing;
        this.tracing = tracing;
        this.lookUps = new OrderLookUps(orders, pricing, tracing);
        this.audit = new AuditLog(workers);
    }

    String view(long id) throws InterruptedException {
        OrderDetails details = lookUps.details(id);
        audit.note("viewed order " + id);
        return page.of(details);
    }

    /** Lists the orders of a customer, which are loaded, priced and written concurrently. */
    String list(long customer) throws SQLException, InterruptedException {
        List<Future<String>> rows = new ArrayList<>();
        for (long id : orders.idsOf(customer)) {
            rows.add(workers.submit(tracing.span("row", () -> page.summary(pricing.price(orders.get(id))))));
        }
        List<String> summaries = all(rows);
        audit.note("listed orders of customer " + customer);
        return page.ofAll(customer, summaries);
    }

    private static List<String> all(List<Future<String>> rows) throws InterruptedException {
        List<String> all = new ArrayList<>();
        try {
            for (Future<String> row : rows) {
                all.add(row.get());
            }
        } catch (ExecutionException e) {
            throw HttpError.because(e.getCause());
        }
        return all;
    }

    /** Shows the price of a product in this shop and in the partner's. */
    String product(long id) throws Exception {
        String here = offer(id);
        String there = PARTNER.get().offer(id);
        audit.note("compared product " + id);
        return page.ofOffers(here, there);
    }

    String offer(long product) throws SQLException, InterruptedException {
        Order.Line line = orders.product(product);
        return page.offer(line, pricing.quote(List.of(line)));
    }

    long place(NewOrder order) throws SQLException {
        long id = add(order);
        audit.note("placed order " + id);
        FLASH.set("Thank you, " + USER.get());
        return id;
    }

    /** Writes the audit log, after everything has succeeded. */
    void audit() {
        audit.write();
    }

    private long add(NewOrder order) throws SQLException {
        try {
            return orders.add(order);
        } catch (SQLIntegrityConstraintViolationException e) {
            throw new HttpError(400, "no such customer or product, or a quantity of 0: " + order.form());
        }
    }
}
