package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * An operation that returns a result and may throw one type of exception, which {@code call} propagates unchanged. It
 * corresponds to {@code java.lang.ScopedValue.CallableOp} in JDK 25.
 *
 * @param <R> the type of the result
 * @param <X> the type of the exception; inferred as {@code RuntimeException} for a lambda that throws no checked
 *         exception
 */
@FunctionalInterface
public interface CallableOp<R extends @Nullable Object, X extends Throwable> {

    /**
     * Executes the operation.
     *
     * @return the result
     * @throws X if the operation fails
     */
    R call() throws X;
}
