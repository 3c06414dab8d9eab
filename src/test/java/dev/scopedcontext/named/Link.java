package dev.scopedcontext.named;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A resource of tests: writes down when it is opened and closed, and fails where it is told to. */
public final class Link implements AutoCloseable {

    private final Log log;
    private final String name;
    private volatile boolean closed;

    private Link(Log log, String name) {
        this.log = log;
        this.name = name;
        log.add("open " + name);
        log.open.incrementAndGet();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() throws Exception {
        if (closed) {
            throw new AssertionError(name + " is closed twice");
        }
        closed = true;
        log.open.decrementAndGet();
        log.add("close " + name);
        Exception failure = log.closeFailure;
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** What was done to links. */
    public static final class Log extends CopyOnWriteArrayList<Object> {

        private static final long serialVersionUID = 1L;

        /** How many are open now. */
        public final transient AtomicInteger open = new AtomicInteger();

        private transient volatile @Nullable Exception closeFailure;

        /** Opens a link that is named. */
        public Link open(String name) {
            return new Link(this, name);
        }

        /** Has each link fail when it is closed, after it is. */
        public void failToClose(@Nullable Exception failure) {
            closeFailure = failure;
        }

        /** Returns what was done, as names of links are given to them in the order of a race. */
        public List<String> sorted() {
            return stream().map(Object::toString).sorted().toList();
        }
    }
}
