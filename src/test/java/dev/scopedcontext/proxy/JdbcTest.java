package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proxies of a connection and a data source, with a real database. */
@OnEachForm
@Tag("per-jdk")
class JdbcTest {

    private static final ContextKey<Connection> CONNECTION = ContextKey.named("connection");
    private static final ContextKey<DataSource> SOURCE = ContextKey.named("data source");

    private final Connection connection = ContextProxies.of(Connection.class, CONNECTION);
    private final DataSource source = ContextProxies.of(DataSource.class, SOURCE);

    private static DataSource database(String name) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + name);
        return database;
    }

    @Test
    void statementsRunOnTheConnectionThatIsBound() throws Exception {
        try (Connection first = database("first").getConnection();
                Connection second = database("second").getConnection()) {
            ScopedContext.where(CONNECTION, first).call(() -> {
                insert("one");
                ScopedContext.where(CONNECTION, second).call(() -> {
                    insert("two");
                    assertThat(names()).isEqualTo("two");
                    return null;
                });
                assertThat(names()).isEqualTo("one");
                connection.setAutoCommit(false);
                assertThat(first.getAutoCommit()).isFalse();
                assertThat(connection.unwrap(org.h2.jdbc.JdbcConnection.class)).isSameAs(first);
                return null;
            });
        }
    }

    private void insert(String name) throws SQLException {
        try (Statement create = connection.createStatement()) {
            create.execute("create table names(name varchar)");
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into names values(?)")) {
            insert.setString(1, name);
            insert.executeUpdate();
        }
    }

    private String names() throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet result = select.executeQuery("select listagg(name) from names")) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void closingTheProxyClosesTheConnection() throws Exception {
        Connection real = database("closing").getConnection();
        ScopedContext.where(CONNECTION, real).call(() -> {
            connection.close();
            return null;
        });
        assertThat(real.isClosed()).isTrue();
    }

    @Test
    void exceptionsOfTheDatabaseArriveAsTheyAre() {
        ScopedContext.where(SOURCE, database("failing")).run(() -> {
            assertThatThrownBy(() -> {
                try (Connection opened = source.getConnection(); Statement statement = opened.createStatement()) {
                    statement.execute("no sql");
                }
            }).isInstanceOf(SQLException.class).hasMessageContaining("Syntax error");
        });
        assertThatThrownBy(source::getConnection).isInstanceOf(UnboundContextException.class)
                .hasMessageContaining("ContextKey[data source]");
    }
}
