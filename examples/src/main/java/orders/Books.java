package orders;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pricing.Tariff;

/** The expected values for a tenant: read from its database with separate SQL, and not by the code under test. */
final class Books {

    private final Tenant tenant;
    private final Tariff tariff;

    /**
     * An order with its price, and with the form that orders the same again.
     *
     * @param delivery the date of delivery, unless the carrier is too slow to estimate it
     */
    record Entry(long id, String customer, LocalDate placedOn, String form, BigDecimal total, long earlierOrders,
            Optional<LocalDate> delivery) {

        int lines() {
            return form.split("&item=").length - 1;
        }
    }

    /** A product with its price in a shop. */
    record Offer(String product, BigDecimal price) {
    }

    Books(Tenant tenant) {
        this.tenant = tenant;
        this.tariff = Tariff.of(tenant.name());
    }

    Tenant tenant() {
        return tenant;
    }

    Entry order(long id) throws SQLException {
        return entries("id", id).get(0);
    }

    List<Entry> ordersOf(long customer) throws SQLException {
        return entries("customer", customer);
    }

    /** Returns the name of a product and its price with tax. */
    Offer offer(long product) throws SQLException {
        try (Connection connection = tenant.database().openUncounted();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT name, price + ROUND(price * ?, 2) FROM products WHERE id = ?")) {
            query.setBigDecimal(1, tariff.taxRate());
            query.setLong(2, product);
            ResultSet row = query.executeQuery();
            row.next();
            return new Offer(row.getString(1), row.getBigDecimal(2));
        }
    }

    /** Describes the differences between the audit log and the visits to this tenant. */
    List<String> auditFaults(List<Visit> visits) throws SQLException {
        Map<String, Integer> missing = new TreeMap<>();
        visits.stream()
                .filter(visit -> visit.tenant() == tenant)
                .flatMap(visit -> visit.audit().stream())
                .forEach(row -> missing.merge(row, 1, Integer::sum));
        audit().forEach(row -> missing.merge(row, -1, Integer::sum));
        return missing.entrySet().stream()
                .filter(row -> row.getValue() != 0)
                .map(row -> (row.getValue() > 0 ? "not in the audit log: " : "in the audit log for no request: ")
                        + row.getKey())
                .toList();
    }

    private List<String> audit() throws SQLException {
        try (Connection connection = tenant.database().openUncounted();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT request, tenant, \"user\", action FROM audit")) {
            ResultSet row = query.executeQuery();
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(String.join(", ", row.getString(1), row.getString(2), row.getString(3), row.getString(4)));
            }
            return rows;
        }
    }

    private List<Entry> entries(String column, long value) throws SQLException {
        String sql = """
                SELECT id, name, placed_on, form, net + ROUND(net * %s, 2), earlier_orders,
                    CASE WHEN MOD(id, %s) <> 0 THEN DATEADD(DAY, %s + MOD(id, 3), placed_on) END
                FROM (
                    SELECT o.id, c.name, o.placed_on,
                        SUM(ROUND(l.quantity * p.price * CASE WHEN l.quantity >= 10 THEN 1 - %s ELSE 1 END, 2)) net,
                        'customer=' || o.customer || LISTAGG('&item=' || l.quantity || 'x' || l.product, '')
                            WITHIN GROUP (ORDER BY l.line) form,
                        (SELECT COUNT(*) FROM orders e WHERE e.customer = o.customer AND e.id < o.id) earlier_orders
                    FROM orders o
                    JOIN customers c ON c.id = o.customer
                    JOIN order_lines l ON l."order" = o.id
                    JOIN products p ON p.id = l.product
                    WHERE o.%s = ?
                    GROUP BY o.id)
                ORDER BY id
                """
                .formatted(tariff.taxRate(), tenant.carrier().slowEvery(), tenant.carrier().fastest(),
                        tariff.bulkDiscount(), column);
        try (Connection connection = tenant.database().openUncounted();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setLong(1, value);
            ResultSet row = query.executeQuery();
            List<Entry> entries = new ArrayList<>();
            while (row.next()) {
                entries.add(new Entry(row.getLong(1), row.getString(2), row.getObject(3, LocalDate.class),
                        row.getString(4), row.getBigDecimal(5), row.getLong(6),
                        Optional.ofNullable(row.getObject(7, LocalDate.class))));
            }
            return entries;
        }
    }
}
