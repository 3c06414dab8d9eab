package dev.scopedcontext.task;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Those of this library. */
@SuppressWarnings({"unchecked", "NullAway"}) // arguments that must not be null are tried
final class OurScopes implements Scopes {

    @Override
    public Object open(ScopeSettings settings) {
        Joiner<Object, ?, ?> joiner = joiner(settings.policy());
        if (settings.name() == null && settings.factory() == null && settings.timeout() == null) {
            return joiner == null ? TaskScope.open() : TaskScope.open(joiner);
        }
        return joiner == null
                ? TaskScope.open(c -> configured(c, settings))
                : TaskScope.open(joiner, c -> configured(c, settings));
    }

    private static TaskScope.Configuration configured(TaskScope.Configuration configuration, ScopeSettings settings) {
        TaskScope.Configuration named = settings.name() == null
                ? configuration
                : configuration.withName(settings.name());
        TaskScope.Configuration made = settings.factory() == null
                ? named
                : named.withThreadFactory(settings.factory());
        return settings.timeout() == null ? made : made.withTimeout(settings.timeout());
    }

    private static @Nullable Joiner<Object, ?, ?> joiner(Policy policy) {
        AtomicInteger ended = new AtomicInteger();
        return switch (policy) {
            case DEFAULT -> null;
            case ALL_SUCCESSFUL -> Joiner.allSuccessfulOrThrow();
            case ALL_SUCCESSFUL_MAPPED, ALL_SUCCESSFUL_MAPPED_TO_NULL -> Joiner.allSuccessfulOrThrow(policy::map);
            case ANY_SUCCESSFUL -> Joiner.anySuccessfulOrThrow();
            case ANY_SUCCESSFUL_MAPPED, ANY_SUCCESSFUL_MAPPED_TO_NULL -> Joiner.anySuccessfulOrThrow(policy::map);
            case AWAIT_ALL_SUCCESSFUL -> Joiner.awaitAllSuccessfulOrThrow();
            case AWAIT_ALL_SUCCESSFUL_MAPPED, AWAIT_ALL_SUCCESSFUL_FAILING_TO_MAP ->
                Joiner.awaitAllSuccessfulOrThrow(policy::map);
            case AWAIT_ALL -> Joiner.awaitAll();
            case ALL_UNTIL_FAILED -> Joiner.allUntil(subtask -> subtask.state() == Subtask.State.FAILED);
            case ALL_UNTIL_SECOND -> Joiner.allUntil(subtask -> ended.incrementAndGet() == 2);
            case OWN_COUNTING, OWN_REFUSING -> own(new OwnPolicy(policy));
        };
    }

    private static Joiner<Object, ?, ?> own(OwnPolicy policy) {
        return new Joiner<Object, Object, Refused>() {
            @Override
            public boolean onFork(Subtask<Object> subtask) {
                return policy.onFork(subtask.state());
            }

            @Override
            public boolean onComplete(Subtask<Object> subtask) {
                return policy.onComplete(subtask.state());
            }

            @Override
            public Object result() throws Refused {
                return policy.result();
            }

            @Override
            public Object timeout() {
                throw new CancelledByTimeoutException();
            }
        };
    }

    private static TaskScope<Object, Object, Exception> scope(Object scope) {
        return (TaskScope<Object, Object, Exception>) scope;
    }

    @Override
    public Object fork(Object scope, @Nullable Callable<@Nullable Object> task) {
        return scope(scope).fork(task);
    }

    @Override
    public Object forkRunnable(Object scope, @Nullable Runnable task) {
        return scope(scope).fork(task);
    }

    @Override
    public @Nullable Object join(Object scope) throws Exception {
        return scope(scope).join();
    }

    @Override
    public boolean isCancelled(Object scope) {
        return scope(scope).isCancelled();
    }

    @Override
    public void close(Object scope) {
        scope(scope).close();
    }

    @Override
    public String state(Object subtask) {
        return ((Subtask<?>) subtask).state().name();
    }

    @Override
    public @Nullable Object get(Object subtask) {
        return ((Subtask<?>) subtask).get();
    }

    @Override
    public Throwable exception(Object subtask) {
        return ((Subtask<?>) subtask).exception();
    }
}
