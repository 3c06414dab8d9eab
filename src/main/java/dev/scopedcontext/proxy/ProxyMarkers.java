package dev.scopedcontext.proxy;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The interfaces that proxy classes implement in addition to the type of the proxy. They are public, since these
 * classes may be in any package. They are members of a class that is not public, and therefore hidden from users.
 */
final class ProxyMarkers {

    private ProxyMarkers() {
    }

    /** A dynamic proxy that is serialized as its target. */
    public interface ReplaceableProxy {

        /** Returns the final target, since {@code ObjectOutputStream} would write another proxy unchanged. */
        Object writeReplace();
    }

    /** A proxy of a generated class. The names of the methods are unlikely to occur in other types. */
    public interface GeneratedProxy {

        /** Returns the target. */
        Supplier<?> scopedContextTarget();

        /**
         * Sets the target. Called once, before the proxy is published.
         *
         * @throws IllegalStateException if the proxy has a target
         */
        void scopedContextTarget(Supplier<?> target);

        /**
         * Returns the target to set. Any code can call the setter by reflection, so a second target is refused.
         *
         * @param present the target of the proxy, or null if it has none yet
         */
        static Supplier<?> first(@Nullable Supplier<?> present, Supplier<?> target) {
            if (present != null) {
                throw new IllegalStateException("A proxy cannot be given another target");
            }
            return (Target) target;
        }

        /** Returns the final target. The generated class has a method that calls this one. */
        default Object writeReplace() {
            return ((Target) scopedContextTarget()).unwrap();
        }
    }
}
