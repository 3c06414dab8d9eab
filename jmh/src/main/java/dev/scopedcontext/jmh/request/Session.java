package dev.scopedcontext.jmh.request;

/** A session by hand: a resource that is opened when it is first used, by any thread, and closed if it was opened. */
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
