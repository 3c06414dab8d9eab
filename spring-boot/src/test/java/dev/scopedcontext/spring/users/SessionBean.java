package dev.scopedcontext.spring.users;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.atomic.AtomicInteger;

/** A bean of which each session has its own. */
class SessionBean {

    private final AtomicInteger destroyed = new AtomicInteger();

    private volatile Records records;
    private volatile String owner = "nobody";

    @PostConstruct
    void created() {
        records = UserContexts.RECORDS.get();
        owner = UserContexts.USER.orElse(UserContexts.ID.get());
        records.beansCreated.incrementAndGet();
    }

    /** Returns the user of the session, or the id of the request if there is no user. */
    String owner() {
        if (destroyed.get() != 0) {
            records.faults.add("A bean of " + owner + " is used after it was destroyed");
        }
        return owner;
    }

    @PreDestroy
    void destroy() {
        if (destroyed.getAndIncrement() != 0) {
            records.faults.add("A bean of " + owner + " is destroyed twice");
        }
        records.beansDestroyed.incrementAndGet();
    }
}
