package dev.scopedcontext.task;

import static java.lang.invoke.MethodType.methodType;
import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs subtasks in the JDK's {@code StructuredTaskScope}, for what only that can give: threads that inherit the
 * user's own {@code ScopedValue}s, a check that these are not bound anew, and a place in thread dumps.
 *
 * <p>It is called by method handles, since a class that is compiled against a preview API loads only on the JDK
 * it was compiled for, and with a flag. Called this way it needs neither, on JDK 25 and newer, though the shape
 * of the API differs between them: what is used here is common to all. What the JDK's scope forks is nothing: it
 * is wanted for its threads, which run our subtasks instead. So its joiner, the simplest there is, is told of
 * nothing. Waiting, cancelling and time-outs are not asked of it.
 */
final class JdkEngine implements Engine {

    /** What the JDK's scope is told to fork. */
    private static final Callable<?> NOTHING = () -> null;

    /** How long to wait for a wake-up that does not come, at first use of a JDK where it does not. */
    private static final long IN_VAIN = TimeUnit.MILLISECONDS.toNanos(100);

    private static final MethodHandle OPEN;
    private static final MethodHandle JOINER;
    private static final MethodHandle WITH_NAME;
    private static final MethodHandle WITH_THREAD_FACTORY;
    private static final MethodHandle FORK;
    private static final MethodHandle JOIN;
    private static final MethodHandle CLOSE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> scope = Class.forName("java.util.concurrent.StructuredTaskScope");
            Class<?> joiner = Class.forName("java.util.concurrent.StructuredTaskScope$Joiner");
            Class<?> config = Class.forName("java.util.concurrent.StructuredTaskScope$Configuration");
            Class<?> subtask = Class.forName("java.util.concurrent.StructuredTaskScope$Subtask");
            OPEN = findOpen(lookup, scope, joiner)
                    .asType(methodType(Object.class, Object.class, UnaryOperator.class));
            JOINER = lookup.findStatic(joiner, "awaitAllSuccessfulOrThrow", methodType(joiner))
                    .asType(methodType(Object.class));
            WITH_NAME = lookup.findVirtual(config, "withName", methodType(config, String.class))
                    .asType(methodType(Object.class, Object.class, String.class));
            WITH_THREAD_FACTORY = lookup
                    .findVirtual(config, "withThreadFactory", methodType(config, ThreadFactory.class))
                    .asType(methodType(Object.class, Object.class, ThreadFactory.class));
            FORK = lookup.findVirtual(scope, "fork", methodType(subtask, Callable.class))
                    .asType(methodType(void.class, Object.class, Callable.class));
            JOIN = lookup.findVirtual(scope, "join", methodType(Object.class))
                    .asType(methodType(void.class, Object.class));
            CLOSE = lookup.findVirtual(scope, "close", methodType(void.class))
                    .asType(methodType(void.class, Object.class));
        } catch (ReflectiveOperationException missing) {
            throw new ExceptionInInitializerError(missing);
        }
    }

    /** The second parameter is a {@code Function} on JDK 25, a {@code UnaryOperator} since. */
    private static MethodHandle findOpen(MethodHandles.Lookup lookup, Class<?> scope, Class<?> joiner)
            throws ReflectiveOperationException {
        try {
            return lookup.findStatic(scope, "open", methodType(scope, joiner, UnaryOperator.class));
        } catch (NoSuchMethodException older) {
            MethodType type = methodType(scope, joiner, java.util.function.Function.class);
            return lookup.findStatic(scope, "open", type);
        }
    }

    private final boolean wakesOwner;

    /** Forks to see that it can be done: what is found may still refuse to be called. */
    JdkEngine() {
        this.wakesOwner = wakesOwner();
    }

    /**
     * Tells whether the end of the last thread wakes the owner even if that is not in the JDK's {@code join}. It does
     * on JDK 25 to 28, but nothing promises it. The thread is a platform thread, which needs no carrier: the only one
     * may be that of the owner, which holds it while classes are initialized.
     */
    private static boolean wakesOwner() {
        Object scope = open(configuration -> configured(configuration, "probe", Thread::new));
        try {
            LockSupport.parkNanos(1); // which takes what another unpark has left
            long begun = System.nanoTime();
            FORK.invokeExact(scope, NOTHING);
            LockSupport.parkNanos(IN_VAIN);
            return System.nanoTime() - begun < IN_VAIN && !Thread.currentThread().isInterrupted();
        } catch (Throwable failure) {
            throw sneak(failure);
        } finally {
            joinAndClose(scope);
        }
    }

    /** The threads of a user may go on after their subtasks, for which the owner is not to wait in {@code join}. */
    @Override
    public TaskThreads open(@Nullable String name, ThreadFactory factory) {
        return new Threads(name, factory, wakesOwner && SubtaskThreadFactory.isOurs(factory));
    }

    @Override
    public EngineReport report() {
        return new EngineReport(EngineReport.Kind.JDK, "JDK " + Runtime.version().feature()
                + " has a java.util.concurrent.StructuredTaskScope of a known shape");
    }

    private static Object open(UnaryOperator<Object> configuration) {
        try {
            return (Object) OPEN.invokeExact((Object) JOINER.invokeExact(), (UnaryOperator<?>) configuration);
        } catch (Throwable failure) {
            throw sneak(failure);
        }
    }

    private static Object configured(Object configuration, @Nullable String name, ThreadFactory factory) {
        try {
            Object named = name == null
                    ? configuration
                    : (Object) WITH_NAME.invokeExact(configuration, name);
            return (Object) WITH_THREAD_FACTORY.invokeExact(named, factory);
        } catch (Throwable failure) {
            throw sneak(failure);
        }
    }

    private static void joinAndClose(Object scope) {
        boolean interrupted = false;
        try {
            JOIN.invokeExact(scope);
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (Throwable failure) {
            throw sneak(explained(failure));
        } finally {
            close(scope, interrupted);
        }
    }

    private static void close(Object scope, boolean interrupted) {
        try {
            CLOSE.invokeExact(scope);
        } catch (Throwable failure) {
            throw sneak(explained(failure));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The threads of one scope. It is itself the function that configures the JDK's scope, and its factory. */
    private static final class Threads implements TaskThreads, UnaryOperator<Object>, ThreadFactory {

        private final @Nullable String name;
        private final ThreadFactory factory;
        private final boolean ownerIsWoken;
        private final Object scope;

        /** The owner's alone: whether anything was forked, and what is being forked. */
        private boolean forked;
        private @Nullable ForkedSubtask<?> starting;
        private @Nullable Thread made;

        @SuppressWarnings("this-escape")
        Threads(@Nullable String name, ThreadFactory factory, boolean ownerIsWoken) {
            this.name = name;
            this.factory = factory;
            this.ownerIsWoken = ownerIsWoken;
            this.scope = JdkEngine.open(this);
        }

        @Override
        public Object apply(Object configuration) {
            return configured(configuration, name, this);
        }

        /** Makes the thread of the subtask that is being forked: it runs that, and not what the JDK has for it. */
        @Override
        public Thread newThread(Runnable unused) {
            ForkedSubtask<?> subtask = requireNonNull(starting);
            Thread thread = TaskThreads.newThread(factory, subtask);
            subtask.thread = thread;
            made = thread;
            return thread;
        }

        @Override
        public void start(ForkedSubtask<?> subtask) {
            starting = subtask;
            try {
                FORK.invokeExact(scope, NOTHING);
            } catch (Throwable failure) {
                throw sneak(explained(failure));
            } finally {
                starting = null;
            }
            forked = true;
            ensureStarted(subtask);
        }

        /** Checks that it was: the JDK's fork does nothing, and says nothing, in a scope that it has closed itself. */
        private void ensureStarted(ForkedSubtask<?> subtask) {
            Thread thread = made;
            made = null;
            if (thread == null || !wasStarted(thread, subtask)) {
                throw new StructureViolationException("The JDK's StructuredTaskScope that runs the subtasks was closed,"
                        + " since a ScopedValue that was bound when it was opened is bound no more: fork and close"
                        + " where it is bound", null);
            }
        }

        /**
         * Tells whether a thread was started. A platform thread that was not is still new. A virtual one has
         * terminated, as it has after its subtask, which lets go of it first. Threads of the user may end without.
         */
        private boolean wasStarted(Thread thread, ForkedSubtask<?> subtask) {
            Thread.State state = thread.getState();
            boolean endedUnused = state == Thread.State.TERMINATED && subtask.thread != null;
            return state != Thread.State.NEW && !(endedUnused && SubtaskThreadFactory.isOurs(factory));
        }

        @Override
        public void ended(ForkedSubtask<?> subtask) {
            subtask.thread = null;
        }

        /** Has the thread go on, which was started and waits. */
        @Override
        public void resume(ForkedSubtask<?> subtask) {
            LockSupport.unpark(subtask.thread);
        }

        @Override
        public boolean isOwnerWoken() {
            return ownerIsWoken;
        }

        @Override
        public void close(RunningSubtasks running) {
            if (forked) {
                joinAndClose(scope);
            } else {
                JdkEngine.close(scope, false);
            }
        }
    }

    private static Throwable explained(Throwable failure) {
        if (!failure.getClass().getName().equals("java.util.concurrent.StructureViolationException")) {
            return failure;
        }
        return new StructureViolationException("A ScopedValue was bound since the task scope was opened, or is bound no"
                + " more: fork and close under the bindings it was opened under", failure);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException sneak(Throwable failure) throws X {
        throw (X) failure;
    }
}
