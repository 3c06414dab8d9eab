package dev.scopedcontext.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The subtasks that a joiner was told of, in the order of forking. Used by the owner of the scope only. */
final class Forked<T extends @Nullable Object> {

    private final List<Subtask<T>> subtasks = new ArrayList<>();

    void add(Subtask<T> subtask) {
        subtasks.add(subtask);
    }

    List<Subtask<T>> subtasks() {
        return List.copyOf(subtasks);
    }

    List<T> results() {
        List<T> results = new ArrayList<>(subtasks.size());
        for (Subtask<T> subtask : subtasks) {
            results.add(subtask.get());
        }
        return Collections.unmodifiableList(results);
    }

    Collected<T> collected(boolean timedOut) {
        List<T> successes = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (Subtask<T> subtask : subtasks) {
            switch (subtask.state()) {
                case SUCCESS -> successes.add(subtask.get());
                case FAILED -> failures.add(subtask.exception());
                case UNAVAILABLE -> {
                    // Only at a time-out: it had not ended.
                }
            }
        }
        return new Collected<>(Collections.unmodifiableList(successes), List.copyOf(failures), timedOut);
    }
}
