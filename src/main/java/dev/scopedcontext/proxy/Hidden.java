package dev.scopedcontext.proxy;

/**
 * What the classes of proxies implement besides the user's type. Public, since these classes may be in any
 * package, but members of a class that is not, and so out of users' sight.
 */
final class Hidden {

    private Hidden() {
    }

    /** Whom {@code ObjectOutputStream} asks what to write in its place. */
    public interface Replaceable {

        /** Returns the object to write: what is forwarded to now. */
        Object writeReplace();
    }
}
