package dev.scopedcontext.task;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Task scopes of one kind, for programs that run with those of this library and with those of the JDK. */
interface Scopes {

    /** The policies that both have; the last two are joiners of the user's own. */
    enum Policy {
        DEFAULT, ALL_SUCCESSFUL, ALL_SUCCESSFUL_MAPPED, ALL_SUCCESSFUL_MAPPED_TO_NULL, ANY_SUCCESSFUL, //
        ANY_SUCCESSFUL_MAPPED, ANY_SUCCESSFUL_MAPPED_TO_NULL, AWAIT_ALL_SUCCESSFUL, AWAIT_ALL_SUCCESSFUL_MAPPED, //
        AWAIT_ALL_SUCCESSFUL_FAILING_TO_MAP, AWAIT_ALL, ALL_UNTIL_FAILED, ALL_UNTIL_SECOND, OWN_COUNTING, OWN_REFUSING;

        boolean isMapped() {
            return name().contains("MAP");
        }

        /** Makes the exception of {@code join}. */
        @SuppressWarnings("NullAway") // a mapper that returns null is tried
        Exception map(Throwable failure) {
            if (name().endsWith("TO_NULL")) {
                return null;
            }
            if (name().endsWith("FAILING_TO_MAP")) {
                throw new IllegalArgumentException("planted failure of the mapper", failure);
            }
            return new Refused("planted mapping", failure);
        }
    }

    /** The exception of joiners and mappers. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    Object open(ScopeSettings settings) throws Exception;

    Object fork(Object scope, @Nullable Callable<@Nullable Object> task) throws Exception;

    Object forkRunnable(Object scope, @Nullable Runnable task) throws Exception;

    @Nullable
    Object join(Object scope) throws Exception;

    boolean isCancelled(Object scope);

    void close(Object scope) throws Exception;

    String state(Object subtask);

    @Nullable
    Object get(Object subtask);

    Throwable exception(Object subtask);

    /** Returns the policies that the JDK's scopes have, in the shape of the running JDK. */
    static List<Policy> policies() {
        return PlainScopes.POLICIES;
    }
}
