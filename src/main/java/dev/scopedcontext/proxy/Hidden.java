package dev.scopedcontext.proxy;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

        /**
         * Sets the target, which must be done once, before the proxy is published.
         *
         * @throws IllegalStateException if the proxy has a target
         */
        void scopedContextTarget(Supplier<?> target);

        /**
         * Returns the target that a proxy gets, for the code that sets it: anyone can call that code by
         * reflection.
         *
         * @param present the target of the proxy, or null if it has none yet
         */
        static Supplier<?> first(@Nullable Supplier<?> present, Supplier<?> target) {
            if (present != null) {
                throw new IllegalStateException("A proxy cannot be given another target");
            }
            return (Target) target;
        }

        /** Returns what a {@link Replaceable} does. The class must have a method that calls this. */
        default Object writeReplace() {
            return ((Target) scopedContextTarget()).unwrap();
        }
    }
}
