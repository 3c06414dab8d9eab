package dev.scopedcontext.servlet;

import java.util.ArrayList;
import java.util.List;

/** An asynchronous dispatch that the application has asked for, and the filters that it has passed so far. */
final class PendingDispatch {

    /** Whether a dispatch is expected. Guarded by this. */
    private boolean expected;

    /** The filters that it has passed. Guarded by this, and never changed in place. */
    private List<RequestFilter> reached = List.of();

    /** Makes a dispatch. Another thread of the container may already run it when the call returns. */
    void expect(Runnable call) {
        List<RequestFilter> before;
        boolean wasExpected;
        synchronized (this) {
            before = reached;
            wasExpected = expected;
            reached = List.of();
            expected = true;
        }
        try {
            call.run();
        } catch (Throwable refused) {
            synchronized (this) {
                reached = before;
                expected = wasExpected;
            }
            throw refused;
        }
    }

    /** Stops expecting a dispatch. */
    synchronized void forget() {
        expected = false;
    }

    synchronized void reached(RequestFilter filter) {
        if (expected) {
            List<RequestFilter> more = new ArrayList<>(reached);
            more.add(filter);
            reached = more;
        }
    }

    /** Reports the filters that an expected dispatch has not passed. */
    void check(List<FilteredScope> scopes) {
        List<RequestFilter> filters;
        synchronized (this) {
            if (!expected) {
                return;
            }
            expected = false;
            filters = reached;
        }
        for (FilteredScope scope : scopes) {
            if (!filters.contains(scope.filter)) {
                scope.filter.reportMissedDispatch();
            }
        }
    }
}
