package dev.scopedcontext.proxy;

import java.util.function.Supplier;

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

    /** A proxy of a generated class. The names are meant to be nobody else's. */
    public interface Generated extends Replaceable {

        /** Returns what it forwards to. */
        Supplier<?> scopedContextTarget();

        /** Sets what it forwards to: once, before anyone else has it. */
        void scopedContextTarget(Supplier<?> target);
    }
}
