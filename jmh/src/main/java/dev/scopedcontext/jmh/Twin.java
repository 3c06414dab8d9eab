package dev.scopedcontext.jmh;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the method that a method is compared with, if methods are compared instead of peers. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Twin {

    /** Returns the name of a method of the same class. */
    String value();
}
