package dev.scopedcontext.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results and failures of the subtasks of a scope, as collected by {@link Joiner#collect()}. The lists are
 * unmodifiable.
 *
 * @param successes the results of the subtasks that succeeded, in the order of forking
 * @param failures the exceptions of the subtasks that failed, in the order of forking
 * @param timedOut whether the timeout has cancelled the scope, so that some subtasks may be in neither list
 * @param <T> the type of the results
 */
public record Collected<T extends @Nullable Object>(List<T> successes, List<Throwable> failures, boolean timedOut) {
}
