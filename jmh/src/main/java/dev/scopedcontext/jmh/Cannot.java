package dev.scopedcontext.jmh;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says why a peer is not asked a question; the report shows it in the peer's place. */
@Repeatable(Cannot.All.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Cannot {
    String NO_VALUES = "has no values of its own, it hands over those of thread-locals";
    String NO_DEFAULT = "its keys have no defaults";
    String BY_RUN_ONLY = "has no call of its own: by hand it is what run is";
    String NOT_WITHOUT_LAMBDA = "binds for a lambda only";
    String NO_HAND_OVER = "has nothing to capture it with; by hand it is what ThreadLocal is";
    String AS_TO_ANY_EXECUTOR = "forks as it hands over to any executor: question 6";
    String BY_SUBSCRIPTION = "travels in a subscription, not with a task";

    /** The peer's name. */
    String[] peer();

    /** What it lacks. */
    String why();

    /** All of a question. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface All {
        /** Each. */
        Cannot[] value();
    }
}
