package dev.scopedcontext.internal;

/**
 * A task or function that runs in a captured context of its own.
 *
 * @param <T> the type of the task, such as {@code Runnable}
 */
public abstract class ContextTask<T> {

    /** Whether {@code instanceof} scans the interfaces of a class that does not implement one: until JDK-8180450. */
    private static final boolean SCANS_INTERFACES = Runtime.version().feature() < 23;

    /**
     * Returns the original task.
     *
     * @return the task, which runs without the context and is not a {@code ContextTask} itself
     */
    public abstract T task();

    /**
     * Returns a task that runs another one in the context of this one.
     *
     * @param other the task
     * @return the wrapped task
     */
    public abstract T with(T other);

    /**
     * Returns a task that runs even if its context cannot be entered, for work whose caller could not be notified.
     * Reading a value that could not be handed over throws the failure.
     *
     * @return the task, which is this one if it is lenient
     */
    public abstract T lenient();

    /**
     * Returns the {@linkplain #lenient() lenient} form of a task that runs in a captured context.
     *
     * @param wrapped the task, which is a {@code ContextTask} of its own type
     * @param <T> the type of the task
     * @return the task, which is the given one if it is lenient
     */
    @SuppressWarnings("unchecked")
    public static <T> T lenient(T wrapped) {
        return ((ContextTask<T>) wrapped).lenient();
    }

    /**
     * Returns whether a task is {@code Comparable}. Most are not, and on JDK 17 it takes as long as running a wrapped
     * task to scan their interfaces, so the result for a class is remembered there.
     *
     * @param task the task
     * @return true if it implements {@code Comparable}
     */
    public static boolean isComparable(Object task) {
        return SCANS_INTERFACES ? Comparables.CLASSES.get(task.getClass()) : task instanceof Comparable<?>;
    }

    /**
     * Compares an original task with another task, as priority queues do.
     *
     * @param task the task, which is {@code Comparable}
     * @param other another task, which may be wrapped
     * @return the result of comparing the original tasks
     */
    @SuppressWarnings("unchecked")
    public static int compare(Object task, Object other) {
        return ((Comparable<Object>) task).compareTo(other instanceof ContextTask<?> o ? o.task() : other);
    }

    /** The result for each class. It is a {@code Boolean}, so it retains no class loader. */
    private static final class Comparables extends ClassValue<Boolean> {

        static final Comparables CLASSES = new Comparables();

        @Override
        protected Boolean computeValue(Class<?> type) {
            return Comparable.class.isAssignableFrom(type);
        }
    }
}
