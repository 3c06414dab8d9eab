package dev.scopedcontext.task;

import org.jspecify.annotations.Nullable;

/**
 * A joiner of this library whose {@code onComplete} calls no code of the user's, so that it does not matter in
 * which context it is called.
 */
interface OwnJoiner<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
        extends
            Joiner<T, R, X> {
}
