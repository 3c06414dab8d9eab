package orders;

import static orders.Current.REQUEST_ID;
import static orders.Current.TENANT;
import static orders.Current.USER;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Executor;

/** Writes down who did what, in the background: the answer to the user does not wait for it. */
final class AuditLog {

    private final Executor background;

    AuditLog(Executor background) {
        this.background = background;
    }

    void record(String action) {
        background.execute(() -> insert(action));
    }

    private static void insert(String action) {
        try (Connection connection = TENANT.get().database().open();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO audit (request, tenant, \"user\", action) VALUES (?, ?, ?, ?)")) {
            insert.setString(1, REQUEST_ID.get());
            insert.setString(2, TENANT.get().name());
            insert.setString(3, USER.get());
            insert.setString(4, action);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("not audited: " + action, e);
        }
    }
}
