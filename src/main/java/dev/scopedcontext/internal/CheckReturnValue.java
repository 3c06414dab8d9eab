package dev.scopedcontext.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Indicates that the result of a method must be used: a call that ignores it has no effect, or leaves something open.
 * Checkers such as Error Prone, SpotBugs and IntelliJ IDEA recognize the simple name of this annotation.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface CheckReturnValue {
}
