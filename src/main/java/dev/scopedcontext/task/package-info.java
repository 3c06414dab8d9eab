/**
 * Structured concurrency: subtasks that see the context of the code that forks them, end before that code continues,
 * and are cancelled together. A {@link dev.scopedcontext.task.TaskScope} forks and joins subtasks. A {@link
 * dev.scopedcontext.task.Joiner} decides what their successes and failures mean, and a {@link
 * dev.scopedcontext.task.Deadline} limits their time. {@link dev.scopedcontext.task.TaskScopes} covers common cases.
 *
 * <p>See {@code docs/decisions/0009-task-scopes.md} in the source.
 */
@NullMarked
package dev.scopedcontext.task;

import org.jspecify.annotations.NullMarked;
