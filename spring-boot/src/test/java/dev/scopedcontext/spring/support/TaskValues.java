package dev.scopedcontext.spring.support;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.atomic.AtomicInteger;

/** A user, and the number of times that the context is handed over. */
public final class TaskValues {

    public static final ContextKey<String> USER = ContextKey.named("user");

    /** Counts the tasks that the context is handed over to. */
    public static final ContextKey<AtomicInteger> HAND_OFFS = ContextKey.<AtomicInteger>builder("hand-offs")
            .handOff(HandOff.perTask(count -> {
                count.incrementAndGet();
                return count;
            }, count -> {
            })).build();

    private TaskValues() {
    }

    /** Binds a user and a counter. */
    public static Bindings bind(String user, AtomicInteger handOffs) {
        return ScopedContext.where(USER, user).where(HAND_OFFS, handOffs);
    }

    /** Returns the user, or "nobody". */
    public static String user() {
        return USER.orElse("nobody");
    }
}
