package dev.scopedcontext.task;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates the threads of subtasks unless the application does. They are virtual on JDK 21 and newer, and daemon
 * platform threads before. They are named after the scope.
 */
final class SubtaskThreadFactory implements ThreadFactory {

    /** Creates unnamed threads. */
    private static final ThreadFactory UNNAMED = unnamed();

    private final String prefix;

    // Written and read by the owner.
    private int created;

    private SubtaskThreadFactory(String prefix) {
        this.prefix = prefix;
    }

    static ThreadFactory of(@Nullable String name) {
        return name == null ? UNNAMED : new SubtaskThreadFactory(name + "-");
    }

    static boolean isOurs(ThreadFactory factory) {
        return factory == UNNAMED || factory instanceof SubtaskThreadFactory;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = UNNAMED.newThread(task);
        thread.setName(prefix + ++created);
        return thread;
    }

    private static ThreadFactory unnamed() {
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            MethodHandle ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", methodType(builder));
            MethodHandle factory = lookup.findVirtual(builder, "factory", methodType(ThreadFactory.class));
            return (ThreadFactory) factory.invoke(ofVirtual.invoke());
        } catch (Throwable notHere) {
            // Absent before JDK 19, and available only with --enable-preview before 21.
            return task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            };
        }
    }
}
