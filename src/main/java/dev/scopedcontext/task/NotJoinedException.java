package dev.scopedcontext.task;

import java.io.Serial;

/** Thrown if a scope is closed without having been joined, which also happens if its owner is interrupted. */
final class NotJoinedException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    NotJoinedException(String message) {
        super(message);
    }
}
