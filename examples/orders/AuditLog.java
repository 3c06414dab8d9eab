package orders;

import static orders.Current.REQUEST_ID;
import static orders.Current.TENANT;
import static orders.Current.USER;
import static orders.Current.db;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Executor;

/** Writes down who did what, in the background: the answer to the user does not wait for it. */
final class AuditLog {

    private final Executor background;

    AuditLog(Executor background) {
        this.background = background;
    }

    /** Records it in a session of its own: that of the request may have ended when its turn comes. */
    void record(String action) {
        background.execute(() -> Requests.another().run(() -> insert(action)));
    }

    private static void insert(String action) {
        try (PreparedStatement insert = db.prepareStatement(
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
