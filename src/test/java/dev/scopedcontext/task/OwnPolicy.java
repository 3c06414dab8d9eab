package dev.scopedcontext.task;

import dev.scopedcontext.task.Scopes.Policy;
import dev.scopedcontext.task.Scopes.Refused;
import java.util.concurrent.atomic.AtomicInteger;

/** A policy as a user writes it: it cancels at the fourth fork and at the second end, and may refuse. */
final class OwnPolicy {

    private final boolean refuses;
    private final AtomicInteger forked = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    OwnPolicy(Policy policy) {
        this.refuses = policy == Policy.OWN_REFUSING;
    }

    boolean onFork(Object state) {
        int now = forked.incrementAndGet();
        if (refuses && now == 2) {
            throw new IllegalArgumentException("planted refusal of a subtask that is " + state);
        }
        return now == 4;
    }

    boolean onComplete(Object state) {
        return ended.incrementAndGet() == 2;
    }

    String result() throws Refused {
        if (refuses) {
            throw new Refused("planted refusal", null);
        }
        return forked + " forked, " + ended + " ended";
    }
}
