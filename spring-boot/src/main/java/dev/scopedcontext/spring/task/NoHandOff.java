package dev.scopedcontext.spring.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Leaves an executor or scheduler unchanged: its tasks do not run in the context in which they were submitted. Use it
 * for tasks that do not belong to the request that submits them, such as those of a metrics exporter:
 *
 * {@snippet class="dev.scopedcontext.spring.task.NoHandOffTest" region="annotated"}
 *
 * <p>Put it on the bean method or on the class of the executor. For a bean of a library, list its name in the property
 * {@code scopedcontext.task.exclude} instead.
 *
 * <p>Spring runs methods with {@code @Async} on the only {@code TaskExecutor} bean, or on the one with the name {@code
 * taskExecutor}. If that bean is excluded, they run without context, and a warning is logged at start. Set {@code
 * spring.task.execution.mode=force} to run them on the executor of Spring Boot.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface NoHandOff {
}
