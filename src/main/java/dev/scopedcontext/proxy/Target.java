package dev.scopedcontext.proxy;

import dev.scopedcontext.UnboundContextException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy forwards to, found anew for every call.
 *
 * <p>It also answers what every object is asked, in the name of its proxy: {@link #equals}, {@link #hashCode}
 * and {@link #toString} are the proxy's. That way a class of a proxy needs to know no more of this library
 * than that there is a supplier.
 */
abstract class Target implements Supplier<Object> {

    private final Class<?> type;
    private final Object name;
    private final @Nullable String unboundMessage;

    /**
     * Creates a target.
     *
     * @param name has the string that names the source in messages
     */
    Target(Class<?> type, Object name, @Nullable String unboundMessage) {
        this.type = type;
        this.name = name;
        this.unboundMessage = unboundMessage;
    }

    /** Returns the target of a proxy, or null if it is none. */
    static @Nullable Target of(@Nullable Object object) {
        if (object instanceof Hidden.Generated generated) {
            return (Target) generated.scopedContextTarget();
        }
        return object != null && Proxy.isProxyClass(object.getClass())
                && Proxy.getInvocationHandler(object) instanceof Forwarder forwarder ? forwarder.target : null;
    }

    /** Tells whether a call arrives at an object that is no proxy, or at null. */
    static boolean isReached(@Nullable Object object) {
        Target target = of(object);
        return target == null || target.isBound();
    }

    /**
     * Returns the object to forward to.
     *
     * <p>Each subclass has all of it, instead of a part that this one calls: the place of a call remembers the
     * classes it has seen, and one that all proxies share has seen too many to be inlined.
     */
    @Override
    public abstract Object get();

    /** Returns the object to forward to, or null if none is bound, if it is not open, or if null is bound. */
    abstract @Nullable Object orNull();

    /** Tells whether the next call would open the object to forward to. */
    boolean isUnopened() {
        return false;
    }

    abstract boolean isBound();

    /** Returns the very object at the end, through proxies of proxies; overflows the stack if they go in a circle. */
    final Object unwrap() {
        Object object = get();
        Target next = of(object);
        return next == null ? object : next.unwrap();
    }

    private @Nullable Object unwrapOrNull() {
        Object object = orNull();
        Target next = of(object);
        return next == null ? object : next.unwrapOrNull();
    }

    final Object present(@Nullable Object object) {
        if (object == null) {
            throw new NullPointerException(describe("null") + " has nothing to forward to, since its source gave null:"
                    + " bind an object, or leave it unbound");
        }
        return object;
    }

    /** Returns what to throw instead of what a source throws because nothing is bound. */
    final UnboundContextException explained(UnboundContextException unbound) {
        if (unboundMessage == null) {
            return unbound;
        }
        UnboundContextException explained = new UnboundContextException(unboundMessage);
        explained.initCause(unbound);
        return explained;
    }

    /** Asks the object at the end whether it equals another, or its target. Without one, equality is identity. */
    @Override
    public final boolean equals(@Nullable Object other) {
        Object mine = unwrapOrNull();
        Target theirs = of(other);
        if (mine == null) {
            return theirs == this;
        }
        Object unwrapped = theirs == null ? other : theirs.unwrapOrNull();
        return unwrapped != null && mine.equals(unwrapped);
    }

    @Override
    public final int hashCode() {
        if (isUnopened()) {
            throw new IllegalStateException(describe("not open") + " has no hash code before it is opened: call another"
                    + " method first, or keep proxies out of hashed collections");
        }
        return get().hashCode();
    }

    @Override
    public final String toString() {
        Object object = orNull();
        return object == null ? describe(stateWithoutObject()) : object.toString();
    }

    private String stateWithoutObject() {
        if (!isBound()) {
            return "unbound";
        }
        return isUnopened() ? "not open" : "null";
    }

    private String describe(String state) {
        return "ContextProxy[" + type.getName() + " from " + name + ", " + state + "]";
    }
}
