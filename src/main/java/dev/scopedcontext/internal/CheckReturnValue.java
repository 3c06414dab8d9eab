package dev.scopedcontext.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method whose result must not be dropped, since calling it without using the result has no effect, or leaves
 * something open. Checkers such as Error Prone, SpotBugs and IntelliJ IDEA recognize the simple name.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface CheckReturnValue {
}
