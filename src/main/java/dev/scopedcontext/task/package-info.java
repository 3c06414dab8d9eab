/**
 * Structured concurrency: subtasks that see the context of the code that forks them, end before it goes on,
 * and are cancelled together. Fork and join with {@link dev.scopedcontext.task.TaskScope}, choose what a
 * failure or a success means with a {@link dev.scopedcontext.task.Joiner}, bound it all by a {@link
 * dev.scopedcontext.task.Deadline}; for the usual cases there are ready {@link
 * dev.scopedcontext.task.TaskScopes}.
 */
@NullMarked
package dev.scopedcontext.task;

import org.jspecify.annotations.NullMarked;
