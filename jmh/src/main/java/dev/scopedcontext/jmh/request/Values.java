package dev.scopedcontext.jmh.request;

/** The six values of a request, and its two sessions. */
record Values(String id, Object user, Object tenant, Object locale, Object deadline, Object trace, Session app,
        Session request) {

    /** The number of values that each level of the service reads in turn. */
    static final int READ = 6;

    static Values of(String id) {
        return new Values(id, "user", "tenant", "locale", "deadline", "trace", new Session(), new Session());
    }

    Object get(int number) {
        return switch (number) {
            case 0 -> id;
            case 1 -> user;
            case 2 -> tenant;
            case 3 -> locale;
            case 4 -> deadline;
            case 5 -> trace;
            case 6 -> app;
            default -> request;
        };
    }
}
