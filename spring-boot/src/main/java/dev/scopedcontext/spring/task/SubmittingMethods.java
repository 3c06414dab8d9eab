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
import org.springframework.core.ResolvableType;

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
            if (arguments[i] != null) {
                arguments[i] = wrap(submission, context, execute, arguments[i], parameter(call, i));
            }
        }
        return submission.<@Nullable Object, Throwable>call(call::proceed);
    }

    private static ResolvableType parameter(MethodInvocation call, int index) {
        Class<?> declared = call.getMethod().getParameterTypes()[index];
        Object executor = call.getThis();
        if (declared == Runnable.class || declared == Callable.class || executor == null) {
            return ResolvableType.forClass(declared);
        }
        return ResolvableType.forMethodParameter(call.getMethod(), index, executor.getClass());
    }

    /** Returns the argument itself if the parameter does not accept a wrapped one. */
    private static @Nullable Object wrap(Submission submission, ContextSnapshot context, boolean execute,
            @Nullable Object argument, ResolvableType parameter) {
        if (argument instanceof Collection<?> tasks) {
            return parameter.resolve(Object.class).isAssignableFrom(ArrayList.class)
                    ? wrapAll(submission, context, tasks, parameter.as(Collection.class).getGeneric(0))
                    : argument;
        }
        Object wrapped = argument;
        if (argument instanceof Runnable task) {
            wrapped = execute
                    ? SubmittedTask.executed(submission, context, task)
                    : SubmittedTask.of(submission, context, task);
        } else if (argument instanceof Callable<?> task) {
            wrapped = SubmittedTask.of(submission, context, task);
        }
        return parameter.resolve(Object.class).isInstance(wrapped) ? wrapped : argument;
    }

    private static List<@Nullable Object> wrapAll(Submission submission, ContextSnapshot context, Collection<?> tasks,
            ResolvableType element) {
        List<@Nullable Object> wrapped = new ArrayList<>(tasks.size());
        tasks.forEach(task -> wrapped.add(wrap(submission, context, false, task, element)));
        return wrapped;
    }
}
