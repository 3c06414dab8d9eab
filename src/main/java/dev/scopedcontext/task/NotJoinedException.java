package dev.scopedcontext.task;

import java.io.Serial;

/** Tells that a scope was closed without being joined, which is also what follows when its owner is interrupted. */
final class NotJoinedException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    NotJoinedException(String message) {
        super(message);
    }
}
