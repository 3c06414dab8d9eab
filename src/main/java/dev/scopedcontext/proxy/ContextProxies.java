package dev.scopedcontext.proxy;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.UnboundContextException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates proxies, which forward every call to the object that is bound at that time. Use one if code needs an object
 * and not a key, such as a field that is set once, a constructor argument, or a library that takes a {@code
 * DataSource}.
 *
 * {@snippet class="dev.scopedcontext.proxy.ProxyExamplesTest" region="proxy"}
 *
 * <p>A proxy has the given type, and no other type of its targets. Calls, including those of default methods, are
 * forwarded with the same arguments. Results and exceptions of the target are passed on unchanged. Nothing is retained
 * between calls.
 *
 * <p>{@code equals} {@linkplain #unwrap unwraps} its argument and asks the target, so two proxies of one target are
 * equal. The target's own {@code equals} does not unwrap a proxy. {@code hashCode} is the target's: do not keep proxies
 * in hashed collections from one scope to another. If nothing is bound, {@code toString} says so, {@code equals} is
 * identity, and all other methods throw, including {@code hashCode}. The same holds if null is bound, with another
 * exception. These three methods never open a resource: before it is {@linkplain ProxySource#isOpen open}, {@code
 * toString} says that it is not, {@code equals} is identity, and {@code hashCode} throws {@code IllegalStateException}.
 *
 * <p>A proxy is {@code Serializable} and is written as its target. It cannot be written if its type is an interface
 * that is not public and belongs to a module or class loader that does not see this library. No proxy can be read from
 * a stream.
 *
 * <p><b>Interfaces</b> can always be proxied, except sealed ones and those of closed modules. With Byte Buddy on the
 * class path a call costs about as much as {@code key.get().call()} (benchmark {@code Proxies}). Without it, dynamic
 * proxies of the JDK are used. These wrap a checked exception that the method does not declare in an {@link
 * java.lang.reflect.UndeclaredThrowableException}.
 *
 * <p><b>Classes</b> can be proxied with Byte Buddy and Objenesis on the class path, if a subclass can override all
 * their methods. A class is refused if it is final, or declares or inherits one of these:
 * <ul>
 * <li>a final method that is not private;
 * <li>a package-private method of another package;
 * <li>a package-private method of its own package, if that is in a module that is not open to this one.
 * </ul>
 * No constructor runs, and the fields of a proxy are all null or zero. Protected methods that are inaccessible throw
 * {@code UnsupportedOperationException}.
 *
 * <p><b>Other threads.</b> A proxy is thread-safe. It forwards to the object that its source has on the calling thread.
 *
 * <p>Unless noted otherwise, passing null throws a {@code NullPointerException} that names the parameter.
 */
public final class ContextProxies {

    private ContextProxies() {
    }

    /**
     * Makes a proxy of the value that is bound to a key, or else of the key's default.
     *
     * @param type the type of the proxy
     * @param key the key. Calls of the proxy throw its {@link UnboundContextException} if nothing is bound, and {@link
     *        NullPointerException} if null is bound
     * @param <T> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied; the message states the reason and a remedy
     */
    public static <T> T of(Class<T> type, ContextKey<? extends @Nullable T> key) {
        TypeObstacles.check(requireNonNull(type, "type"));
        return ProxyForms.current().make(type, new KeyTarget(type, requireNonNull(key, "key"), null));
    }

    /**
     * Makes a proxy of the value that is bound to a key, or else of the key's default, with a message of its own.
     *
     * @param type the type of the proxy
     * @param key the key
     * @param unboundMessage the message of the {@link UnboundContextException} that calls throw if nothing is bound;
     *        the exception of the key is its cause
     * @param <T> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied; the message states the reason and a remedy
     */
    public static <T> T of(Class<T> type, ContextKey<? extends @Nullable T> key, String unboundMessage) {
        TypeObstacles.check(requireNonNull(type, "type"));
        requireNonNull(key, "key");
        return ProxyForms.current().make(type,
                new KeyTarget(type, key, requireNonNull(unboundMessage, "unboundMessage")));
    }

    /**
     * Makes a proxy of the object that a supplier returns.
     *
     * @param type the type of the proxy
     * @param source called for every call of the proxy, on the same thread. Its exceptions propagate unchanged. {@link
     *        UnboundContextException} means that nothing is bound, unless the source is a {@link ProxySource} whose
     *        {@code isBound()} returns true. A null result causes a {@link NullPointerException}
     * @param <T> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied; the message states the reason and a remedy
     */
    public static <T> T of(Class<T> type, Supplier<? extends @Nullable T> source) {
        TypeObstacles.check(requireNonNull(type, "type"));
        return ProxyForms.current().make(type, target(type, requireNonNull(source, "source"), null));
    }

    /**
     * Makes a proxy of the object that a supplier returns, with a message of its own.
     *
     * @param type the type of the proxy
     * @param source called for every call of the proxy, as in {@link #of(Class, Supplier)}
     * @param unboundMessage the message of the {@link UnboundContextException} that calls throw if nothing is bound;
     *        the exception of the source is its cause
     * @param <T> the type of the proxy
     * @return the proxy
     * @throws IllegalArgumentException if the type cannot be proxied; the message states the reason and a remedy
     */
    public static <T> T of(Class<T> type, Supplier<? extends @Nullable T> source, String unboundMessage) {
        TypeObstacles.check(requireNonNull(type, "type"));
        requireNonNull(source, "source");
        return ProxyForms.current().make(type, target(type, source, requireNonNull(unboundMessage, "unboundMessage")));
    }

    /**
     * Returns whether an object is a proxy that this class created.
     *
     * @param object any object, or null
     * @return true if it is a proxy
     */
    public static boolean isProxy(@Nullable Object object) {
        return Target.of(object) != null;
    }

    /**
     * Returns whether a call of a proxy would currently find a target. Looks through proxies of proxies, unless the
     * source is a {@link ProxySource}, which decides itself. The default of a key counts as bound, and so does null.
     * Any object that is not a proxy is its own target. Exceptions of a supplier other than {@link
     * UnboundContextException} propagate.
     *
     * @param proxy the proxy
     * @return false if a call would throw {@link UnboundContextException}
     */
    public static boolean isBound(Object proxy) {
        return Target.isReached(requireNonNull(proxy, "proxy"));
    }

    /**
     * Returns the object that a proxy currently forwards to, through proxies of proxies. Returns any object that is not
     * a proxy unchanged.
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
