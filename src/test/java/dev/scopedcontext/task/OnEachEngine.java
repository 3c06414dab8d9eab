package dev.scopedcontext.task;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test class once on each engine that the JDK has. Each test ends by checking that the thread is clean: no
 * task scope open, nothing bound, no interrupt left, no platform thread of a task scope alive.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(EachEngine.class)
public @interface OnEachEngine {
}
