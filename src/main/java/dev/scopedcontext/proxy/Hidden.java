package dev.scopedcontext.proxy;

import java.util.function.Supplier;

/**
 * What the classes of proxies implement besides the user's type. Public, since these classes may be in any
 * package, but members of a class that is not, and so out of users' sight.
 */
final class Hidden {

    private Hidden() {
    }

    /** A dynamic proxy, whom {@code ObjectOutputStream} asks what to write in its place. */
    public interface Replaceable {

        /** Returns the target at the end: an object of the class that was asked would be written as it is. */
        Object writeReplace();
    }

    /** A proxy of a generated class. The names are meant to be nobody else's. */
    public interface Generated {

        /** Returns what it forwards to. */
        Supplier<?> scopedContextTarget();

        /** Sets what it forwards to: once, before anyone else has it. */
        void scopedContextTarget(Supplier<?> target);

        /** Returns what a {@link Replaceable} does. The class must have a method that calls this. */
        default Object writeReplace() {
            return ((Target) scopedContextTarget()).unwrap();
        }
    }
}
