package dev.scopedcontext.jmh;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** States why a peer does not answer a question. The report shows the reason instead of an answer. */
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

    /** Returns the name of the peer. */
    String[] peer();

    /** Returns the reason. */
    String why();

    /** All reasons of a question. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface All {
        /** Returns the reasons. */
        Cannot[] value();
    }
}
