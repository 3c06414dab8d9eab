package dev.scopedcontext.local;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The managed scopes of the running code: the scopes that its thread entered, innermost first, and around them the
 * scopes from which the code was handed over. Only the innermost scope of each manager counts, since it hides the
 * others.
 *
 * @param scope the scope that was entered, or null in a task
 * @param task distinguishes the task from others, or is empty in a scope
 * @param handedOver the scopes from which the task was handed over
 * @param owner the thread that runs in the scope or task; any other thread has inherited this from it
 * @param outer the enclosing scope or task
 */
record ManagedScopes(@Nullable LocalScope scope, String task, @Nullable ScopesOfTask handedOver, Thread owner,
        @Nullable ManagedScopes outer) {

    static final ContextKey<ManagedScopes> KEY = ContextKey.<ManagedScopes>builder("managed scope")
            .nesting((around, inner) -> inner.inside(around)).handOff(new ToTask()).build();

    private static final AtomicLong TASKS = new AtomicLong();

    ManagedScopes(LocalScope scope) {
        this(scope, "", null, Thread.currentThread(), null);
    }

    private ManagedScopes inside(ManagedScopes around) {
        return new ManagedScopes(scope, task, handedOver, owner, around);
    }

    /** Returns the scopes of a task to which these scopes are handed over. */
    private ManagedScopes inTask() {
        Deque<LocalScope> scopes = new ArrayDeque<>();
        ScopesOfTask around = null;
        for (ManagedScopes inner = this; inner != null; inner = inner.outer) {
            if (inner.scope == null) {
                around = inner.handedOver;
            } else {
                scopes.push(inner.scope);
            }
        }
        for (LocalScope scope : scopes) {
            around = ScopesOfTask.add(around, scope.manager.reference, scope.id);
        }
        return new ManagedScopes(null, "/task-" + TASKS.incrementAndGet(), around, Thread.currentThread(), null);
    }

    /** Returns the scopes that the calling thread itself entered: the innermost of each manager, innermost first. */
    static List<LocalScope> scopesOfThread() {
        List<LocalScope> scopes = new ArrayList<>();
        Set<ManagedLocals> managers = new HashSet<>();
        for (ManagedScopes inner = KEY.orElse(null); inner != null; inner = inner.outer) {
            LocalScope scope = inner.scope;
            if (scope != null && managers.add(scope.manager) && scope.isEntered()) {
                scopes.add(scope);
            }
        }
        return scopes;
    }

    /** Returns the innermost scope if the calling thread itself entered it, and null otherwise, such as in a task. */
    static @Nullable LocalScope scopeOfThread() {
        ManagedScopes innermost = KEY.orElse(null);
        LocalScope scope = innermost == null ? null : innermost.scope;
        return scope != null && scope.isEntered() ? scope : null;
    }

    static String contextId(ManagedLocals manager) {
        for (ManagedScopes inner = KEY.orElse(null); inner != null; inner = inner.outer) {
            String id = inner.idOfScope(manager);
            if (id != null) {
                return id + inner.task + (inner.owner == Thread.currentThread() ? "" : "/" + thread());
            }
        }
        return thread();
    }

    private @Nullable String idOfScope(ManagedLocals manager) {
        if (scope == null) {
            return ScopesOfTask.id(handedOver, manager.reference);
        }
        return scope.manager == manager ? scope.id : null;
    }

    private static String thread() {
        return "thread-" + Thread.currentThread().getId();
    }

    /** Gives each task a name. */
    private static final class ToTask implements HandOff<ManagedScopes> {

        @Override
        public ManagedScopes open(ManagedScopes captured) {
            return captured.inTask();
        }
    }
}
