package dev.scopedcontext.support;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.extension.InvocationInterceptor;

/** Runs parts of tests on new threads of every kind. */
public final class OnThread {

    private OnThread() {
    }

    /** Returns a factory of platform threads and, on JDK 21 and newer, one of virtual threads. */
    public static List<ThreadFactory> kinds() {
        List<ThreadFactory> kinds = new ArrayList<>();
        kinds.add(Thread::new);
        if (Runtime.version().feature() >= 21) {
            kinds.add(virtual());
        }
        return kinds;
    }

    private static ThreadFactory virtual() {
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object ofVirtual = Thread.class.getMethod("ofVirtual").invoke(null);
            MethodHandle factory = MethodHandles.publicLookup().findVirtual(Class.forName("java.lang.Thread$Builder"),
                    "factory", MethodType.methodType(ThreadFactory.class));
            return (ThreadFactory) factory.invoke(builder.cast(ofVirtual));
        } catch (Throwable failure) {
            throw new AssertionError("JDK " + Runtime.version() + " should have virtual threads", failure);
        }
    }

    /** Runs a body on a new thread of each kind, one after the other. Throws the exception of the body. */
    public static void run(Body body) throws Exception {
        for (ThreadFactory kind : kinds()) {
            call(kind, () -> {
                body.run();
                return null;
            });
        }
    }

    /** Calls a body on a new thread. Throws the exception of the body. */
    public static <T> T call(ThreadFactory kind, Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = kind.newThread(task);
        thread.start();
        thread.join();
        try {
            return task.get();
        } catch (ExecutionException failure) {
            throw new AssertionError("on " + thread + ": " + failure.getCause(), failure.getCause());
        }
    }

    /** Runs a test on a new thread, and then a check if the test passes. Throws their exceptions. */
    public static void proceed(ThreadFactory kind, InvocationInterceptor.Invocation<?> test, Body check)
            throws Throwable {
        Throwable[] failure = new Throwable[1];
        Thread thread = kind.newThread(() -> {
            try {
                test.proceed();
                check.run();
            } catch (Throwable thrown) {
                failure[0] = thrown;
            }
        });
        thread.setName("test");
        thread.start();
        thread.join();
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    /** A body to run. */
    public interface Body {

        /** Runs it. */
        void run() throws Exception;
    }
}
