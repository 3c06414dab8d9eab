package orders;

import static orders.Current.db;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import service.HttpError;

/** Reads and adds orders of the current shop, with the connection of the current request. */
final class OrderRepository {

    private static final String FIND = """
            SELECT c.name, o.placed_on, p.name, l.quantity, p.price
            FROM orders o
            JOIN customers c ON c.id = o.customer
            JOIN order_lines l ON l."order" = o.id
            JOIN products p ON p.id = l.product
            WHERE o.id = ?
            ORDER BY l.line
            """;

    Order get(long id) throws SQLException {
        try (PreparedStatement query = db.prepareStatement(FIND)) {
            query.setLong(1, id);
            ResultSet row = query.executeQuery();
            if (!row.next()) {
                throw new HttpError(404, "no order " + id);
            }
            String customer = row.getString(1);
            LocalDate placedOn = row.getObject(2, LocalDate.class);
            List<Order.Line> lines = new ArrayList<>();
            do {
                lines.add(new Order.Line(row.getString(3), row.getInt(4), row.getBigDecimal(5)));
            } while (row.next());
            return new Order(id, customer, placedOn, lines);
        }
    }

    /** Counts the earlier orders of the customer of an order. */
    long countBefore(long id) throws SQLException {
        try (PreparedStatement query = db.prepareStatement("""
                SELECT COUNT(*) FROM orders
                WHERE id < ? AND customer = (SELECT customer FROM orders WHERE id = ?)
                """)) {
            query.setLong(1, id);
            query.setLong(2, id);
            ResultSet row = query.executeQuery();
            row.next();
            return row.getLong(1);
        }
    }

    List<Long> idsOf(long customer) throws SQLException {
        try (PreparedStatement query = db.prepareStatement(
                "SELECT id FROM orders WHERE customer = ? ORDER BY id")) {
            query.setLong(1, customer);
            ResultSet row = query.executeQuery();
            List<Long> ids = new ArrayList<>();
            while (row.next()) {
                ids.add(row.getLong(1));
            }
            return ids;
        }
    }

    /** Returns one piece of a product at its list price. */
    Order.Line product(long id) throws SQLException {
        try (PreparedStatement query = db.prepareStatement("SELECT name, price FROM products WHERE id = ?")) {
            query.setLong(1, id);
            ResultSet row = query.executeQuery();
            if (!row.next()) {
                throw new HttpError(404, "no product " + id);
            }
            return new Order.Line(row.getString(1), 1, row.getBigDecimal(2));
        }
    }

    /** Adds an order and its lines, and returns its id. If the request fails, neither is kept. */
    long add(NewOrder order) throws SQLException {
        long id = insertOrder(order.customer());
        insertLines(id, order.items());
        return id;
    }

    private static long insertOrder(long customer) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement(
                "INSERT INTO orders (customer, placed_on) VALUES (?, CURRENT_DATE)",
                Statement.RETURN_GENERATED_KEYS)) {
            insert.setLong(1, customer);
            insert.executeUpdate();
            ResultSet keys = insert.getGeneratedKeys();
            keys.next();
            return keys.getLong(1);
        }
    }

    private static void insertLines(long order, List<NewOrder.Item> items) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement("INSERT INTO order_lines VALUES (?, ?, ?, ?)")) {
            int line = 0;
            for (NewOrder.Item item : items) {
                insert.setLong(1, order);
                insert.setInt(2, ++line);
                insert.setLong(3, item.product());
                insert.setInt(4, item.quantity());
                insert.executeUpdate();
            }
        }
    }
}
