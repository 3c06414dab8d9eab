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
 * The managed scopes that code runs in: those that its thread entered, innermost first, and around them those that it
 * was handed over from. Of each manager the innermost scope counts, since it hides those around it.
 *
 * @param scope the scope that was entered; null if this is a task
 * @param task tells the task from others; empty if this is a scope
 * @param handedOver the scopes that the task was handed over from
 * @param owner the thread that runs in the scope or task; another thread has inherited this from it
 * @param outer the scope or task that the thread was in before
 */
record Entered(@Nullable LocalScope scope, String task, @Nullable ScopesOfTask handedOver, Thread owner,
        @Nullable Entered outer) {

    static final ContextKey<Entered> KEY = ContextKey.<Entered>builder("managed scope")
            .nesting((around, inner) -> inner.inside(around)).handOff(new ToTask()).build();

    private static final AtomicLong TASKS = new AtomicLong();

    Entered(LocalScope scope) {
        this(scope, "", null, Thread.currentThread(), null);
    }

    private Entered inside(Entered around) {
        return new Entered(scope, task, handedOver, owner, around);
    }

    /** Returns the task that these scopes are handed over to. */
    private Entered inTask() {
        Deque<LocalScope> scopes = new ArrayDeque<>();
        ScopesOfTask around = null;
        for (Entered entered = this; entered != null; entered = entered.outer) {
            if (entered.scope == null) {
                around = entered.handedOver;
            } else {
                scopes.push(entered.scope);
            }
        }
        for (LocalScope inner : scopes) {
            around = ScopesOfTask.add(around, inner);
        }
        return new Entered(null, "/task-" + TASKS.incrementAndGet(), around, Thread.currentThread(), null);
    }

    /** Returns the scopes that the thread itself runs in: of each manager the innermost one, innermost first. */
    static List<LocalScope> scopesOfThread() {
        List<LocalScope> scopes = new ArrayList<>();
        Set<LocalManager> managers = new HashSet<>();
        for (Entered entered = KEY.orElse(null); entered != null; entered = entered.outer) {
            LocalScope scope = entered.scope;
            if (scope != null && managers.add(scope.manager) && scope.isEntered()) {
                scopes.add(scope);
            }
        }
        return scopes;
    }

    /** Returns the innermost scope if the calling thread itself runs in it, and not in a task that it was handed to. */
    static @Nullable LocalScope scopeOfThread() {
        Entered entered = KEY.orElse(null);
        LocalScope scope = entered == null ? null : entered.scope;
        return scope != null && scope.isEntered() ? scope : null;
    }

    static String contextId(LocalManager manager) {
        for (Entered entered = KEY.orElse(null); entered != null; entered = entered.outer) {
            String id = entered.idOfScope(manager);
            if (id != null) {
                return id + entered.task + (entered.owner == Thread.currentThread() ? "" : "/" + thread());
            }
        }
        return thread();
    }

    private @Nullable String idOfScope(LocalManager manager) {
        if (scope == null) {
            return ScopesOfTask.id(handedOver, manager);
        }
        return scope.manager == manager ? scope.id : null;
    }

    private static String thread() {
        return "thread-" + Thread.currentThread().getId();
    }

    /** Names each task. */
    private static final class ToTask implements HandOff<Entered> {

        @Override
        public Entered open(Entered captured) {
            return captured.inTask();
        }
    }
}
