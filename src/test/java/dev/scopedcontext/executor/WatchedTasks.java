package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/** Looks at threads of servers before and after each task: there must be nothing of the library in them. */
public final class WatchedTasks {

    private final Collection<String> dirt = new ConcurrentLinkedQueue<>();
    private final LongAdder looks = new LongAdder();

    /** Returns an executor whose tasks are watched. */
    public Executor watch(Executor executor) {
        return task -> executor.execute(() -> run(task));
    }

    /** Runs a task, and looks before and after it. */
    public void run(Runnable task) {
        look("before");
        try {
            task.run();
        } finally {
            look("after");
        }
    }

    /** Notes what is in the calling thread. */
    public void look(String when) {
        looks.increment();
        ContextSnapshot bound = ScopedContext.capture();
        if (!CleanThread.isClean()) {
            dirt.add(bound + " was there " + when + " a task of " + Thread.currentThread());
        }
    }

    /** Checks that threads were looked at, and that all were clean. */
    public void assertClean() {
        assertThat(looks.sum()).isPositive();
        assertThat(dirt).isEmpty();
    }
}
