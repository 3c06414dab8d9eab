package dev.scopedcontext;

import dev.scopedcontext.internal.ThreadAdvice;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the message of an {@link UnboundContextException}: which keys are bound where a key is read, and how to bind
 * it there. The message shows names only, since values may be secret.
 */
final class UnboundMessage {

    /** How many names are shown. */
    private static final int MOST = 20;

    private UnboundMessage() {
    }

    /** Returns the message for a key that the calling thread has just read. */
    static String of(Key key) {
        Scope scope = Current.scope();
        Set<String> bound = scope == null ? Set.of() : names(scope.frame);
        return "No value is bound to " + key + " on " + Thread.currentThread() + ", where " + describe(bound, scope)
                + remedy(key, bound, scope);
    }

    private static Set<String> names(Frame frame) {
        return ContextKey.listed(frame).stream().map(ContextKey::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String describe(Set<String> bound, @Nullable Scope scope) {
        if (bound.size() > MOST) {
            return bound.stream().limit(MOST).collect(Collectors.joining(", ", "[", ", "))
                    + (bound.size() - MOST) + " more] are bound";
        }
        if (!bound.isEmpty()) {
            return bound + (bound.size() == 1 ? " is bound" : " are bound");
        }
        return scope == null
                ? "nothing is bound: no context was handed to this thread"
                : "nothing is bound: this code runs in an empty context";
    }

    private static String remedy(Key key, Set<String> bound, @Nullable Scope scope) {
        String bind = ". Bind a value with ScopedContext.where(key, value).run(...)";
        if (bound.contains(key.name)) {
            return ". Another key of this name is bound. If it is meant to be the same key, declare it once, in a"
                    + " static final field of a class that is loaded once";
        }
        if (key.handOff == StandardHandOff.DROP) {
            return bind + " on this thread: the key has HandOff.drop(), so its values are not handed over";
        }
        String advice = scope == null ? ThreadAdvice.forCaller() : "";
        if (!advice.isEmpty()) {
            return advice;
        }
        if (Current.STRICT && RecordingBackend.hasBoundHere(key)) {
            return ". This thread has had a value in a scope that has ended, or that is hidden here: read it in that"
                    + " scope, or capture the context where the value is bound, and run this code in it";
        }
        return scope != null && bound.isEmpty()
                ? bind + ", or capture the context, or submit the task, where a value is bound"
                : bind + ", or, if it is bound on another thread, hand that context over with ScopedContext.capture()"
                        + " or ContextExecutors";
    }
}
