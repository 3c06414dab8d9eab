package dev.scopedcontext.spring.users;

/** An exception of a controller. */
final class UserException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UserException(String message) {
        super(message);
    }
}
