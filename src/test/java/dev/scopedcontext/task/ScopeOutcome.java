package dev.scopedcontext.task;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What an operation of a task scope gave, in words that are the same for both kinds of scopes. */
final class ScopeOutcome {

    private ScopeOutcome() {
    }

    /** Returns what an operation returns or throws. */
    static String of(Callable<@Nullable Object> operation, Scopes.Policy policy, Scopes scopes) {
        try {
            return ofResult(operation.call(), policy, scopes);
        } catch (Throwable failure) {
            return ofFailure(failure);
        }
    }

    private static String ofResult(@Nullable Object result, Scopes.Policy policy, Scopes scopes) {
        if (result instanceof List<?> list) {
            return list.stream().map(one -> ofOne(one, policy, scopes)).toList().toString();
        }
        return result instanceof Throwable failure ? ofFailure(failure) : String.valueOf(result);
    }

    /** Before JDK 26 the results that are wanted are those of the subtasks in the list. */
    private static String ofOne(@Nullable Object one, Scopes.Policy policy, Scopes scopes) {
        boolean isSubtask = one instanceof Subtask<?> || (one != null && PlainScopes.isSubtask(one));
        if (!isSubtask) {
            return String.valueOf(one);
        }
        return policy.name().startsWith("ALL_SUCCESSFUL") ? String.valueOf(scopes.get(one)) : scopes.state(one);
    }

    /** Before JDK 27 {@code join} wraps what a joiner of the user's own throws. */
    static String ofFailure(Throwable failure) {
        boolean unwrapped = failure instanceof Scopes.Refused && !PlainScopes.JOINERS_TIME_OUT;
        return (unwrapped ? "failed of " : "") + describe(failure);
    }

    private static String describe(Throwable failure) {
        Throwable cause = failure.getCause();
        String ofCause = cause == null ? "" : " of " + describe(cause);
        String name = failure.getClass().getSimpleName();
        if (isTimeOut(failure)) {
            return "timeout";
        }
        if (failure instanceof ExecutionException || name.equals("FailedException")) {
            boolean asTimeOut = cause != null && isTimeOut(cause) && !PlainScopes.JOINERS_TIME_OUT;
            return asTimeOut ? "timeout" : "failed" + ofCause;
        }
        if (name.equals("WrongThreadException") || name.equals("StructureViolationException")) {
            return "violation";
        }
        String message = failure.getMessage();
        return (failure instanceof IllegalStateException ? "IllegalStateException" : name)
                + (message != null && message.startsWith("planted") ? " " + message : "") + ofCause;
    }

    private static boolean isTimeOut(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return name.equals("CancelledByTimeoutException") || name.equals("TimeoutException");
    }
}
