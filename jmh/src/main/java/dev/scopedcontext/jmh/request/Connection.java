package dev.scopedcontext.jmh.request;

/** The resource of a request. */
final class Connection implements AutoCloseable {
    private boolean open = true;

    int ask(Object user) {
        if (!open) {
            throw new IllegalStateException("closed");
        }
        return user.hashCode();
    }

    @Override
    public void close() {
        open = false;
    }
}
