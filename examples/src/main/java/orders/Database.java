package orders;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.LongAdder;
import org.h2.jdbcx.JdbcDataSource;

/** A database in memory that counts the connections it opens and closes. */
final class Database implements AutoCloseable {

    private final JdbcDataSource source = new JdbcDataSource();
    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();

    Database(String name) {
        source.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
    }

    /** Opens a connection that begins a transaction. */
    Connection open() throws SQLException {
        Connection connection = source.getConnection();
        connection.setAutoCommit(false);
        opened.increment();
        return counted(connection);
    }

    /** Opens a connection that is not counted, for code other than the service. */
    Connection openUncounted() throws SQLException {
        return source.getConnection();
    }

    long opened() {
        return opened.sum();
    }

    long closed() {
        return closed.sum();
    }

    /** Shuts down the database and drops its content. */
    @Override
    public void close() throws SQLException {
        try (Connection connection = source.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        }
    }

    private Connection counted(Connection connection) {
        InvocationHandler counting = (proxy, method, arguments) -> {
            if (method.getName().equals("close") && !connection.isClosed()) {
                closed.increment();
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
                new Class<?>[]{Connection.class}, counting);
    }
}
