package dev.scopedcontext.jmh.request;

/** A manual session: a resource that any thread opens on first use, and that is closed if it was opened. */
final class Session implements AutoCloseable {
    private Connection connection;

    synchronized Connection connection() {
        if (connection == null) {
            connection = new Connection();
        }
        return connection;
    }

    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
