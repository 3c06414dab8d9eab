package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.CallableOp;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the methods of a result in the scope that it comes from, and ends that when the result is closed. */
final class Body implements InvocationHandler {

    private final Class<?> type;
    private final AutoCloseable target;
    private final Later later;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Body(Class<?> type, AutoCloseable target, Later later) {
        this.type = type;
        this.target = target;
        this.later = later;
    }

    /** Calls an operation in a scope that ends when what it returns is closed. */
    static <B extends AutoCloseable, X extends Throwable> B keep(LocalManager manager, Class<B> type,
            CallableOp<? extends B, X> op) throws X {
        return Kept.<B, X>call(manager, op, (body, later) -> body == null ? body : of(type, body, later.get()));
    }

    private static <B extends AutoCloseable> B of(Class<B> type, B body, Later later) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                new Body(type, body, later)));
    }

    static <B> Class<B> ensureInterface(Class<B> type) {
        requireNonNull(type, "type");
        if (type == Stream.class) {
            throw new IllegalArgumentException(
                    type.getName() + " is a stream, which LocalManager.wrap keeps a scope for"
                            + " as it is");
        }
        if (BaseStream.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException(type.getName() + " is a stream for which a managed scope cannot stay"
                    + " open: give LocalManager.wrap what returns a Stream, such as boxed() makes of primitives");
        }
        if (!type.isInterface() || type.isSealed()
                || !Stream.concat(Stream.of(type), declaring(type)).allMatch(Body::isAccessible)) {
            throw new IllegalArgumentException(type.getName() + " is not a public interface that " + Body.class
                    .getModule() + " can implement and call: use one that is not sealed, with what it extends in"
                    + " public and in packages that are exported, or LocalManager.open()");
        }
        return type;
    }

    private static Stream<Class<?>> declaring(Class<?> type) {
        return Arrays.stream(type.getMethods()).map(Method::getDeclaringClass);
    }

    private static boolean isAccessible(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && type.getModule().isExported(type.getPackageName(), Body.class.getModule());
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> type.getSimpleName() + " in " + later.scope;
            };
        }
        if (method.getName().equals("close") && method.getParameterCount() == 0) {
            close();
            return null;
        }
        boolean ended = closed.get();
        Object result = ended
                ? forward(method, arguments)
                : later.<@Nullable Object, Throwable>call(() -> forward(method, arguments));
        if (result == target && returnsItself(method)) {
            return proxy;
        }
        return ended ? result : inScope(method, result);
    }

    /** Tells whether a method is declared to return what the caller holds, as fluent ones are; not any object. */
    private boolean returnsItself(Method method) {
        Class<?> declared = method.getReturnType();
        return declared != Object.class && declared.isAssignableFrom(type)
                && !(method.getGenericReturnType() instanceof TypeVariable<?>);
    }

    /** Returns a result in a form whose steps, if it is there to be gone through, are taken in the scope too. */
    private @Nullable Object inScope(Method method, @Nullable Object result) {
        Class<?> declared = method.getReturnType();
        if (declared == Iterator.class && result instanceof Iterator<?> steps) {
            return new IteratorBody<>(later, steps);
        }
        if (declared == Spliterator.class && result instanceof Spliterator<?> steps) {
            return new StreamBody<>(later, steps);
        }
        if (declared == Stream.class && result instanceof Stream<?> stream) {
            return streamInScope(stream);
        }
        return result;
    }

    private Stream<?> streamInScope(Stream<?> stream) {
        try {
            return StreamBody.of(stream, later);
        } catch (Throwable failure) {
            Kept.close(() -> later.close(stream), failure);
            throw failure;
        }
    }

    private void close() {
        if (closed.compareAndSet(false, true)) {
            try (LocalScope ended = later.scope) {
                later.close(target);
            }
        }
    }

    private @Nullable Object forward(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        if (!method.getDeclaringClass().isAssignableFrom(type)) { // any code can call a handler
            throw new IllegalArgumentException(method + " is not a method of " + type.getName());
        }
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }
}
