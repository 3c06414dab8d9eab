package dev.scopedcontext.spring.task;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Wraps the tasks that are passed to an executor or a scheduler. A task is captured when it is submitted or scheduled,
 * and all repetitions run in that context.
 */
final class SubmittingMethods implements MethodInterceptor {

    private static final Set<String> NAMES = Set.of("execute", "submit", "submitCompletable", "invokeAll", "invokeAny",
            "schedule", "scheduleAtFixedRate", "scheduleWithFixedDelay");

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        if (!NAMES.contains(call.getMethod().getName())) {
            return call.proceed();
        }
        ContextSnapshot context = ScopedContext.capture();
        Submission submission = new Submission();
        @Nullable
        Object[] arguments = call.getArguments();
        boolean execute = call.getMethod().getName().equals("execute");
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = wrap(submission, context, execute, arguments[i]);
        }
        return submission.<@Nullable Object, Throwable>call(call::proceed);
    }

    private static @Nullable Object wrap(Submission submission, ContextSnapshot context, boolean execute,
            @Nullable Object argument) {
        if (argument instanceof Runnable task) {
            return execute
                    ? SubmittedTask.executed(submission, context, task)
                    : SubmittedTask.of(submission, context, task);
        }
        if (argument instanceof Callable<?> task) {
            return SubmittedTask.of(submission, context, task);
        }
        if (argument instanceof Collection<?> tasks) {
            List<@Nullable Object> wrapped = new ArrayList<>(tasks.size());
            tasks.forEach(task -> wrapped.add(wrap(submission, context, false, task)));
            return wrapped;
        }
        return argument;
    }
}
