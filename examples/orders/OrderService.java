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

/** What users can do: view an order, list those of a customer, place one, compare prices. It is all audited. */
final class OrderService {

    private final OrderRepository orders = new OrderRepository();
    private final OrderLookUps lookUps = new OrderLookUps(orders);
    private final OrderPage page = new OrderPage(new Pricing());
    private final ExecutorService workers;
    private final AuditLog audit;

    OrderService(ExecutorService workers) {
        this.workers = workers;
        this.audit = new AuditLog(workers);
    }

    String view(long id) throws InterruptedException {
        OrderDetails details = lookUps.details(id);
        audit.note("viewed order " + id);
        return page.of(details);
    }

    /** Lists the orders of a customer; loads, prices and writes them side by side. */
    String list(long customer) throws SQLException, InterruptedException, ExecutionException {
        List<Future<String>> rows = new ArrayList<>();
        for (long id : orders.idsOf(customer)) {
            rows.add(workers.submit(() -> page.summary(orders.get(id))));
        }
        List<String> summaries = new ArrayList<>();
        for (Future<String> row : rows) {
            summaries.add(row.get());
        }
        audit.note("listed orders of customer " + customer);
        return page.ofAll(customer, summaries);
    }

    /** Shows what a product costs here, and what at the partner's. */
    String product(long id) throws SQLException {
        String here = offer(id);
        String there = PARTNER.get().offer(id);
        audit.note("compared product " + id);
        return page.ofOffers(here, there);
    }

    String offer(long product) throws SQLException {
        return page.offer(orders.product(product));
    }

    long place(NewOrder order) throws SQLException {
        long id = add(order);
        audit.note("placed order " + id);
        FLASH.set("Thank you, " + USER.get());
        return id;
    }

    /** Has written down what was done, when all of it has gone well. */
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
