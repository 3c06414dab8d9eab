/**
 * Structured concurrency: subtasks that see the context of the code that forks them, end before that code continues,
 * and are cancelled together.
 *
 * <p>A {@link dev.scopedcontext.task.TaskScope} forks and joins subtasks. A {@link dev.scopedcontext.task.Joiner}
 * determines when it is cancelled and how it ends. A {@link dev.scopedcontext.task.Deadline} limits its time. {@link
 * dev.scopedcontext.task.TaskScopes} covers the common cases.
 *
 * <p>See {@code docs/decisions/0009-task-scopes.md} in the source.
 */
@NullMarked
package dev.scopedcontext.task;

import org.jspecify.annotations.NullMarked;
