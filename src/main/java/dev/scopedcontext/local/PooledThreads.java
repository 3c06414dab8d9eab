package dev.scopedcontext.local;

import dev.scopedcontext.internal.StrictMode;
import java.lang.StackWalker.StackFrame;
import java.util.Set;

/**
 * In strict mode, refuses to set values on a thread of a pool, since the data of one request would reach another one.
 */
final class PooledThreads {

    /** The methods at the bottom of the stacks of pool threads, and of no others. */
    private static final Set<String> LOOPS = Set.of( //
            "java.util.concurrent.ThreadPoolExecutor.runWorker", //
            "java.util.concurrent.ForkJoinPool.runWorker", //
            "org.apache.tomcat.util.threads.ThreadPoolExecutor.runWorker", //
            "org.eclipse.jetty.util.thread.QueuedThreadPool.runJob");

    private PooledThreads() {
    }

    static void refuse(String name) {
        if (StrictMode.ON && StackWalker.getInstance().walk(frames -> frames.anyMatch(PooledThreads::isLoop))) {
            throw new IllegalStateException(name + " was set outside of any managed scope on " + Thread.currentThread()
                    + ", which belongs to a pool: the next task there would see the value. Run the task in"
                    + " LocalManager.run or managed, or hand over the context of one that does");
        }
    }

    private static boolean isLoop(StackFrame frame) {
        return LOOPS.contains(frame.getClassName() + "." + frame.getMethodName());
    }
}
