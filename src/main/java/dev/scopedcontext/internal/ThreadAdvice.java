package dev.scopedcontext.internal;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** Says, for messages, how context reaches threads that other libraries run code on. */
public final class ThreadAdvice {

    private static final String COMMON_POOL = ". This thread belongs to the common pool, which runs parallel streams"
            + " and plain CompletableFutures without context: wrap the functions of the stream with"
            + " ScopedContext.capture(), and create futures with ContextExecutors";

    private static final String REACTOR = ". This thread belongs to Reactor, which runs operators without context: add"
            + " ReactorContexts.restoring() above the operator, and ReactorContexts.writing(...) below it";

    private static final String COROUTINE = ". This thread runs Kotlin coroutines, which are resumed without context:"
            + " capture it outside of the coroutine, and read the value inside of ContextSnapshot.call(...)";

    private ThreadAdvice() {
    }

    /**
     * Returns a further sentence for a message about the calling thread. The libraries are recognized by name and not
     * loaded.
     *
     * @return the full stop before the sentence and the sentence, or an empty string if there is nothing to say
     */
    public static String forCaller() {
        Thread thread = Thread.currentThread();
        if (thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool()) {
            return COMMON_POOL;
        }
        for (Class<?> type = thread.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals("kotlinx.coroutines.scheduling.CoroutineScheduler$Worker")) {
                return COROUTINE;
            }
            for (Class<?> implemented : type.getInterfaces()) {
                if (implemented.getName().equals("reactor.core.scheduler.NonBlocking")) {
                    return REACTOR;
                }
            }
        }
        return "";
    }
}
