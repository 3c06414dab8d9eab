/**
 * Hands the context over to the tasks of executors and schedulers.
 *
 * <p>{@code TaskContextAutoConfiguration} applies to the executors that Spring Boot creates and to those that the
 * application declares as beans. {@link dev.scopedcontext.spring.task.NoHandOff} leaves one out.
 */
@NullMarked
package dev.scopedcontext.spring.task;

import org.jspecify.annotations.NullMarked;
