package dev.scopedcontext.proxy;

import dev.scopedcontext.UnboundContextException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The target of a proxy, which looks up the object to forward to for every call.
 *
 * <p>Its {@link #equals}, {@link #hashCode} and {@link #toString} are those of the proxy. Therefore a proxy class
 * depends on nothing but {@code Supplier}.
 *
 * <p>The reasons are in {@code docs/decisions/0012-proxies.md}.
 */
abstract class Target implements Supplier<Object> {

    private final Class<?> type;
    private final Object name;
    private final @Nullable String unboundMessage;

    /**
     * Creates a target.
     *
     * @param name names the source in messages, by its {@code toString()}
     */
    Target(Class<?> type, Object name, @Nullable String unboundMessage) {
        this.type = type;
        this.name = name;
        this.unboundMessage = unboundMessage;
    }

    /** Returns the target of a proxy, or null for any other object. */
    static @Nullable Target of(@Nullable Object object) {
        if (object instanceof ProxyMarkers.GeneratedProxy generated) {
            return (Target) generated.scopedContextTarget();
        }
        return object != null && Proxy.isProxyClass(object.getClass())
                && Proxy.getInvocationHandler(object) instanceof Forwarder forwarder ? forwarder.target : null;
    }

    /** Returns whether a call reaches null, or an object that is not a proxy. */
    static boolean isReached(@Nullable Object object) {
        Target target = of(object);
        return target == null || target.isBound();
    }

    /**
     * Returns the object to forward to.
     *
     * <p>Each subclass implements this method completely. The JIT compiler inlines a call site that has seen few
     * classes; a call site shared by all proxies has seen too many.
     */
    @Override
    public abstract Object get();

    /** Returns the object to forward to, or null if none is bound, if it is not open, or if null is bound. */
    abstract @Nullable Object orNull();

    /** Returns whether the next call would open the object to forward to. */
    boolean isUnopened() {
        return false;
    }

    abstract boolean isBound();

    /** Returns the final target, through proxies of proxies. A cycle of proxies overflows the stack. */
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
            throw new NullPointerException(describe("null") + " has nothing to forward to, since its source returned"
                    + " null: bind an object, or leave it unbound");
        }
        return object;
    }

    /** Returns the exception that replaces the one of an unbound source. */
    final UnboundContextException explained(UnboundContextException unbound) {
        if (unboundMessage == null) {
            return unbound;
        }
        UnboundContextException explained = new UnboundContextException(unboundMessage);
        explained.initCause(unbound);
        return explained;
    }

    /** Compares the final target with another object, or with its target. Without a target, equality is identity. */
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
