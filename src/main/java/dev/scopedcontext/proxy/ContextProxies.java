package dev.scopedcontext.proxy;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.UnboundContextException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes proxies: objects that forward every call to what is bound where they are called. For code that wants
 * an object, not a key: a field that is set once, a constructor's argument, a library that is given a {@code
 * DataSource}.
 *
 * {@snippet class="dev.scopedcontext.proxy.ProxyExamplesTest" region="proxy"}
 *
 * <p>A proxy is of the given type, and of no other type of its targets. Calls, default methods included, go to
 * the target with the very arguments, and what it returns or throws comes back as it is. Nothing is kept
 * between calls.
 *
 * <p>{@code equals} {@linkplain #unwrap unwraps} its argument and asks the target, so two proxies of one
 * target are equal; the target's own {@code equals}, asked about a proxy, knows nothing of that. {@code
 * hashCode} is the target's: do not keep proxies in hashed collections from one scope to another. Where nothing
 * is bound, {@code toString} says so, {@code equals} is identity, and everything else, {@code hashCode} too,
 * throws. So it is where null is bound, with another exception. These three methods never open a resource: before
 * it is {@linkplain ProxySource#isOpen open}, {@code toString} says that it is not, {@code equals} is identity, and
 * {@code hashCode} throws {@code IllegalStateException}.
 *
 * <p>A proxy is {@code Serializable}, and is written as its target; or not at all, if the type is an interface
 * that is not public, of a module or class loader that does not see this library. No proxy can be read from a stream.
 *
 * <p><b>Interfaces</b> can always be proxied, except sealed ones and those of closed modules. With Byte Buddy on the
 * class path a call costs about what {@code key.get().call()} does (benchmark {@code Proxies}); without it
 * the JDK's own dynamic proxies are used, which know one exception to the above: a checked exception that the
 * method does not declare arrives in an {@link java.lang.reflect.UndeclaredThrowableException}.
 *
 * <p><b>Classes</b> can be proxied with Byte Buddy and Objenesis on the class path, if a subclass can override all
 * their methods. A class is refused if it is final, or has or inherits one of these:
 * <ul>
 * <li>a final method that is not private;
 * <li>a package-private method of another package;
 * <li>a package-private method of its own package, if that is in a module that is not open to this one.
 * </ul>
 * No constructor runs, and the fields of a proxy are all null or zero. Protected methods that are out of reach throw
 * {@code UnsupportedOperationException}.
 *
 * <p><b>Other threads.</b> A proxy can be shared by any number of threads. What it forwards to is what its
 * source has on the thread that calls it.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is; {@link
 * #isProxy} takes null too.
 */
public final class ContextProxies {

    private ContextProxies() {
    }

    /**
     * Makes a proxy of what is bound to a key, or else of the key's default.
     *
     * @param type the type of the proxy
     * @param key the key. Calls of the proxy throw its {@link UnboundContextException} where nothing is bound,
     *        and {@link NullPointerException} where null is
     * @param <T> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied; the message says why, and what to do
     */
    public static <T> T of(Class<T> type, ContextKey<? extends @Nullable T> key) {
        Proxiable.check(requireNonNull(type, "type"));
        return ProxyForms.current().make(type, new KeyTarget(type, requireNonNull(key, "key"), null));
    }

    /**
     * Makes a proxy of what is bound to a key, or else of the key's default, with a message of its own.
     *
     * @param type the type of the proxy
     * @param key the key
     * @param unboundMessage the message of the {@link UnboundContextException} that calls throw where nothing
     *        is bound; the key's is its cause
     * @param <T> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied; the message says why, and what to do
     */
    public static <T> T of(Class<T> type, ContextKey<? extends @Nullable T> key, String unboundMessage) {
        Proxiable.check(requireNonNull(type, "type"));
        requireNonNull(key, "key");
        return ProxyForms.current().make(type,
                new KeyTarget(type, key, requireNonNull(unboundMessage, "unboundMessage")));
    }

    /**
     * Makes a proxy of what a supplier gives.
     *
     * @param type the type of the proxy
     * @param source called for every call of the proxy, on the same thread. What it throws arrives at the
     *        caller as it is. {@link UnboundContextException} means that nothing is bound, unless it is a
     *        {@link ProxySource}, which says so itself; null leads to a {@link NullPointerException}
     * @param <T> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied; the message says why, and what to do
     */
    public static <T> T of(Class<T> type, Supplier<? extends @Nullable T> source) {
        Proxiable.check(requireNonNull(type, "type"));
        return ProxyForms.current().make(type, target(type, requireNonNull(source, "source"), null));
    }

    /**
     * Makes a proxy of what a supplier gives, with a message of its own.
     *
     * @param type the type of the proxy
     * @param source called for every call of the proxy, as in {@link #of(Class, Supplier)}
     * @param unboundMessage the message of the {@link UnboundContextException} that calls throw where nothing
     *        is bound; the source's is its cause
     * @param <T> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied; the message says why, and what to do
     */
    public static <T> T of(Class<T> type, Supplier<? extends @Nullable T> source, String unboundMessage) {
        Proxiable.check(requireNonNull(type, "type"));
        requireNonNull(source, "source");
        return ProxyForms.current().make(type, target(type, source, requireNonNull(unboundMessage, "unboundMessage")));
    }

    /**
     * Tells whether an object is a proxy made here.
     *
     * @param object any object, or null
     * @return true if it is a proxy
     */
    public static boolean isProxy(@Nullable Object object) {
        return Target.of(object) != null;
    }

    /**
     * Tells whether a call of a proxy would find a target here and now, through proxies of proxies unless the
     * source is a {@link ProxySource}, which knows best. The default of a key counts, and so does a bound null.
     * Any object that is no proxy is its own target. What a supplier throws besides {@link
     * UnboundContextException} is thrown from here.
     *
     * @param proxy the proxy
     * @return false if a call would throw {@link UnboundContextException}
     */
    public static boolean isBound(Object proxy) {
        return Target.isReached(requireNonNull(proxy, "proxy"));
    }

    /**
     * Returns the very object that a proxy forwards to here and now, through proxies of proxies. Any object
     * that is no proxy is returned as it is.
     *
     * @param proxy the proxy
     * @param <T> the type of the object
     * @return the target
     * @throws UnboundContextException if nothing is bound
     * @throws NullPointerException if null is bound
     */
    @SuppressWarnings("unchecked")
    public static <T> T unwrap(T proxy) {
        Target target = Target.of(requireNonNull(proxy, "proxy"));
        return target == null ? proxy : (T) target.unwrap();
    }

    private static Target target(Class<?> type, Supplier<?> source, @Nullable String unboundMessage) {
        return source instanceof ProxySource<?> known
                ? new SourceTarget(type, known, unboundMessage)
                : new SupplierTarget(type, source, unboundMessage);
    }
}
