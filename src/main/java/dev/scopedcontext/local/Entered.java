package dev.scopedcontext.local;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which managed scopes code runs in, innermost first: of each manager the innermost one, since that hides those around
 * it. Work that hands itself on from one scope to the next would otherwise drag along all that it ever was in.
 *
 * @param scope the managed scope
 * @param task tells the task that the scope was handed to from others; empty in the scope itself
 * @param owner the thread that runs in the scope or task; another one has inherited this from it
 * @param outer the scope around
 */
record Entered(LocalScope scope, String task, Thread owner, @Nullable Entered outer) {

    static final ContextKey<Entered> KEY = ContextKey.<Entered>builder("managed scope")
            .nesting((around, inner) -> inner.inside(around)).handOff(new ToTask()).build();

    private static final AtomicLong TASKS = new AtomicLong();

    Entered(LocalScope scope) {
        this(scope, "", Thread.currentThread(), null);
    }

    private Entered inside(Entered around) {
        return new Entered(scope, task, owner, around.without(scope.manager));
    }

    private @Nullable Entered without(LocalManager manager) {
        Entered rest = outer == null ? null : outer.without(manager);
        if (scope.manager == manager) {
            return rest;
        }
        return rest == outer ? this : new Entered(scope, task, owner, rest);
    }

    private @Nullable Entered of(LocalManager manager) {
        Entered entered = this;
        while (entered != null && entered.scope.manager != manager) {
            entered = entered.outer;
        }
        return entered;
    }

    /** Returns this as it is in a task. */
    private Entered in(String name, Thread thread) {
        return new Entered(scope, name, thread, outer == null ? null : outer.in(name, thread));
    }

    /** Returns the innermost scope that the calling thread itself runs in, and not in a task that it was handed to. */
    static @Nullable LocalScope scopeOfThread() {
        Entered entered = KEY.orElse(null);
        return entered != null && entered.task.isEmpty() && entered.scope.isEntered() ? entered.scope : null;
    }

    static String contextId(LocalManager manager) {
        Entered innermost = KEY.orElse(null);
        Entered entered = innermost == null ? null : innermost.of(manager);
        if (entered == null) {
            return thread();
        }
        String id = entered.scope.id + entered.task;
        return entered.owner == Thread.currentThread() ? id : id + "/" + thread();
    }

    private static String thread() {
        return "thread-" + Thread.currentThread().getId();
    }

    /** Names each task. */
    private static final class ToTask implements HandOff<Entered> {

        @Override
        public Entered open(Entered captured) {
            return captured.in("/task-" + TASKS.incrementAndGet(), Thread.currentThread());
        }
    }
}
