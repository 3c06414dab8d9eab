package orders;

import static orders.Current.REQUEST_ID;
import static orders.Current.TENANT;
import static orders.Current.TRAIL;
import static orders.Current.USER;
import static orders.Current.db;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.Deadline;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Records the actions of users in the background, so that the response does not wait for it. */
final class AuditLog {

    private final Executor background;

    AuditLog(Executor background) {
        this.background = background;
    }

    /** Notes an action, to be written if the request succeeds. */
    void note(String action) {
        TRAIL.push(action);
    }

    /** Writes the actions in a session of its own, since that of the request may have ended before. */
    void write() {
        ScopedContext.without(Deadline.KEY)
                .run(() -> background.execute(() -> Requests.another().run(AuditLog::insertAll)));
    }

    /** Takes the actions from the trail, which is a copy in this task. */
    private static void insertAll() {
        for (Optional<String> action = TRAIL.pop(); action.isPresent(); action = TRAIL.pop()) {
            insert(action.get());
        }
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
