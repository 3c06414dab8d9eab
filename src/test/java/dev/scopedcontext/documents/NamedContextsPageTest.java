package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.named.Session;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.task.TaskScopes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

/** The examples of docs/guide/named-contexts.md, with a real database. */
@ExtendWith(CleanThread.class)
class NamedContextsPageTest {

    // @start region="declare"
    static final NamedContext APP = NamedContext.named("app");
    static final ContextKey<DataSource> DATABASE = APP.key("database", DataSource.class);

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);
    static final ContextKey<Set<String>> ROLES = REQUEST.key("roles"); // a generic type needs no class
    static final ContextKey<String> ID = REQUEST.key("id", String.class,
            key -> key.withDefault("-").mirror(MdcMirror.to("requestId")));
    // @end

    // @start region="resource"
    static final ResourceKey<Connection> DB = REQUEST.resource("db", Connection.class, () -> connect());

    static Connection connect() throws SQLException {
        Connection connection = DATABASE.get().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }
    // @end

    // @start region="per-task"
    static final ResourceKey<Connection> OWN = REQUEST.resource("own", Connection.class, () -> connect()).perTask();

    static void order(String customer) throws SQLException { // called by a task
        ScopedContext.onExit(failure -> endTransaction(OWN.get(), failure)); // then the connection is closed
        try (PreparedStatement insert = OWN.get().prepareStatement("INSERT INTO orders VALUES (?)")) {
            insert.setString(1, customer);
            insert.executeUpdate();
        }
    }
    // @end

    // @start region="proxy"
    static final Connection db = REQUEST.proxy("db", Connection.class);

    static int orders() throws SQLException {
        try (PreparedStatement query = db.prepareStatement("SELECT count(*) FROM orders WHERE customer = ?")) {
            query.setString(1, USER.get());
            ResultSet count = query.executeQuery();
            count.next();
            return count.getInt(1);
        }
    }
    // @end

    // @start region="hook"
    static {
        REQUEST.onSessionExit(failure -> {
            if (DB.isOpen() && !REQUEST.isOverlaid()) { // used, and not by a session around that goes on
                endTransaction(DB.get(), failure);
            }
        });
    }

    static void endTransaction(Connection connection, Throwable failure) {
        try {
            if (failure == null) {
                connection.commit();
            } else {
                connection.rollback();
            }
        } catch (SQLException unfinished) {
            throw new IllegalStateException("The transaction could not be ended", unfinished);
        }
    }
    // @end

    // @start region="enter"
    static String page(String user) throws SQLException {
        return REQUEST.session().where(USER, user).where(ROLES, Set.of("customer")) //
                .call(() -> user + " has " + orders() + " orders");
    }

    static void serve(DataSource database) throws SQLException {
        String page = APP.session().where(DATABASE, database).call(() -> page("alice"));
        System.out.println(page);
    }
    // @end

    private final JdbcDataSource database = new JdbcDataSource();
    private Connection keepsItInMemory;

    @BeforeEach
    void createDatabase() throws SQLException {
        database.setURL("jdbc:h2:mem:shop");
        keepsItInMemory = database.getConnection();
        try (Statement create = keepsItInMemory.createStatement()) {
            create.execute("CREATE TABLE orders(customer varchar)");
            create.execute("INSERT INTO orders VALUES ('alice')");
        }
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        keepsItInMemory.close();
    }

    private static void order() throws SQLException {
        try (Statement insert = db.createStatement()) {
            insert.execute("INSERT INTO orders VALUES ('alice')");
        }
    }

    private Session app() {
        return APP.session().where(DATABASE, database);
    }

    @Test
    void enter() throws SQLException {
        serve(database);
        assertThat(app().call(() -> page("alice"))).isEqualTo("alice has 1 orders");
        assertThat(DB.isBound()).isFalse();
    }

    @Test
    void theHookCommitsOrRollsBack() throws SQLException {
        app().call(() -> REQUEST.session().call(() -> {
            order();
            return null;
        }));
        assertThat(app().call(() -> page("alice"))).isEqualTo("alice has 2 orders");
        assertThatThrownBy(() -> app().call(() -> REQUEST.session().call(() -> {
            order();
            throw new IllegalStateException("no stock");
        }))).hasMessage("no stock");
        assertThat(app().call(() -> page("alice"))).isEqualTo("alice has 2 orders");
    }

    @Test
    void aConnectionIsClosedAtTheEndOfItsSession() throws SQLException {
        Connection used = app().call(() -> REQUEST.session().call(() -> {
            Connection first = DB.get();
            REQUEST.overlay().where(USER, "bob").run(() -> assertThat(DB.get()).isSameAs(first));
            assertThat(first.isClosed()).isFalse();
            return first;
        }));
        assertThat(used.isClosed()).isTrue();
    }

    @Test
    void eachTaskHasAConnectionOfItsOwn() throws Exception {
        app().call(() -> REQUEST.session().call(() -> {
            Connection here = OWN.get();
            assertThat(TaskScopes.<Connection, Connection, Boolean>par(OWN::get, OWN::get,
                    (a, b) -> a != b && a != here && b != here)).isTrue();
            return null;
        }));
    }

    @Test
    void eachTaskCommitsOrRollsBackItsOwnConnection() throws Exception {
        app().call(() -> REQUEST.session().call(() -> TaskScopes.par(() -> {
            order("alice");
            return null;
        }, () -> {
            order("alice");
            return null;
        }, (a, b) -> null)));
        assertThat(app().call(() -> page("alice"))).isEqualTo("alice has 3 orders");
        assertThatThrownBy(() -> app().call(() -> REQUEST.session().call(() -> TaskScopes.par(() -> {
            order("alice");
            throw new IllegalStateException("no stock");
        }, () -> null, (a, b) -> null)))).hasRootCauseMessage("no stock");
        assertThat(app().call(() -> page("alice"))).isEqualTo("alice has 3 orders");
    }

    @Test
    void overlays() {
        // @start region="overlay"
        REQUEST.session().where(USER, "alice").run(() -> {
            REQUEST.session().run(() -> System.out.println(USER.isBound())); // false: a session hides the one around
            REQUEST.overlay().where(ID, "r1").run(() -> System.out.println(USER.get())); // alice: an overlay adds
        });
        // @end
        REQUEST.session().where(USER, "alice").run(() -> {
            REQUEST.session().run(() -> assertThat(USER.isBound()).isFalse());
            REQUEST.overlay().where(ID, "r1").run(() -> assertThat(USER.get() + ID.get()).isEqualTo("alicer1"));
        });
    }

    // @start region="given"
    static int ordersIn(Connection fake) throws SQLException {
        Session test = REQUEST.session().where(USER, "alice").with(DB, fake); // fake is used, and not closed
        return test.call(() -> orders());
    }
    // @end

    @Test
    void instancesForTests() throws SQLException {
        try (Connection fake = database.getConnection()) {
            assertThat(ordersIn(fake)).isEqualTo(1);
            assertThat(REQUEST.session().with(Map.of("user", "alice", "db", fake))
                    .<Integer, SQLException>call(() -> orders())).isEqualTo(1);
            assertThat(fake.isClosed()).isFalse();
        }
    }

    @Test
    void theHookCommitsAFake() throws SQLException {
        try (Connection fake = connectTo(database)) {
            REQUEST.session().where(USER, "alice").with(DB, fake).call(() -> {
                order();
                return null;
            });
            fake.rollback(); // has no effect, since the hook has committed
        }
        assertThat(app().call(() -> page("alice"))).isEqualTo("alice has 2 orders");
    }

    private static Connection connectTo(DataSource database) throws SQLException {
        return APP.session().where(DATABASE, database).call(() -> connect());
    }

    @Test
    void pieces() throws SQLException {
        app().call(() -> {
            // @start region="open"
            OpenScope session = REQUEST.session().where(USER, "alice").open();
            int first = session.call(() -> orders());
            int second = session.call(() -> orders()); // later, on any thread, with the same connection
            session.close(); // commits, and closes the connection
            // @end
            assertThat(first).isEqualTo(second);
            return null;
        });
    }

    @Test
    void aTaskThatOutlivesItsSessionFindsNoResource() {
        app().run(() -> {
            Runnable late = REQUEST.session().where(USER, "alice")
                    .call(() -> ScopedContext.capture().wrap(() -> {
                        assertThat(USER.get()).isEqualTo("alice");
                        DB.get();
                    }));
            assertThatThrownBy(late::run).isInstanceOf(UnboundContextException.class);
        });
    }

    @Test
    void theIdIsShownInTheLog() {
        REQUEST.session().where(ID, "r1").run(() -> assertThat(MDC.get("requestId")).isEqualTo("r1"));
        assertThat(ID.get()).isEqualTo("-");
    }
}
