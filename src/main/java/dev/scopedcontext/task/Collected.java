package dev.scopedcontext.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Joiner#collect()} returns.
 *
 * @param successes the results of the subtasks that succeeded, in the order of forking
 * @param failures what those that failed did so with, in the order of forking
 * @param timedOut whether the time was up before all had ended, so that some may be in neither list
 * @param <T> the type of the results
 */
public record Collected<T extends @Nullable Object>(List<T> successes, List<Throwable> failures, boolean timedOut) {
}
