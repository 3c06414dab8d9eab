/**
 * Executors, thread factories and futures that hand context over to their tasks.
 *
 * <p>{@link dev.scopedcontext.executor.ContextExecutors} wraps those that a program already has. A task sees the
 * bindings at the place where it is submitted, and an executor with a fixed snapshot runs all tasks in that one.
 *
 * <p>See {@code docs/decisions/0008-executors-and-futures.md} in the source.
 */
@NullMarked
package dev.scopedcontext.executor;

import org.jspecify.annotations.NullMarked;
