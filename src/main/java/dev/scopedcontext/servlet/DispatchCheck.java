package dev.scopedcontext.servlet;

import java.util.ArrayList;
import java.util.List;

/** Checks that an asynchronous dispatch passes the filters of the request. */
final class DispatchCheck {

    /** Whether a dispatch is expected. Guarded by this. */
    private boolean expected;

    /** The filters that the dispatch has passed. Guarded by this; the list itself is immutable. */
    private List<FilterRequests> reached = List.of();

    /** Dispatches. Another thread of the container may already run it when the call returns. */
    void expect(Runnable call) {
        List<FilterRequests> before;
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

    synchronized void reached(FilterRequests filter) {
        if (expected) {
            List<FilterRequests> more = new ArrayList<>(reached);
            more.add(filter);
            reached = more;
        }
    }

    /** Reports the filters that an expected dispatch has not passed. */
    void check(List<FilterScope> scopes) {
        List<FilterRequests> filters;
        synchronized (this) {
            if (!expected) {
                return;
            }
            expected = false;
            filters = reached;
        }
        for (FilterScope scope : scopes) {
            if (!filters.contains(scope.filter)) {
                scope.filter.reportMissedDispatch();
            }
        }
    }
}
