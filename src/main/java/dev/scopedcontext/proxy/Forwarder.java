package dev.scopedcontext.proxy;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Forwards the calls of a dynamic proxy of the JDK to its target. */
final class Forwarder implements InvocationHandler, Serializable {

    @Serial
    private static final long serialVersionUID = 1L;

    final transient Target target;

    private final transient Class<?> type;
    private final transient InterfaceMethods methods;

    Forwarder(Class<?> type, Target target, InterfaceMethods methods) {
        this.type = type;
        this.target = target;
        this.methods = methods;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Class<?> declaring = method.getDeclaringClass();
        if (declaring == Object.class) {
            return answer(method, arguments);
        }
        if (declaring == ProxyMarkers.ReplaceableProxy.class) {
            return target.unwrap();
        }
        Method forwarded = methods.find(method);
        Object object = type.cast(target.get());
        try {
            return forwarded.invoke(object, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
        }
    }

    private Object answer(Method method, @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && target.equals(arguments[0]);
            case "hashCode" -> target.hashCode();
            case "toString" -> target.toString();
            default -> throw InterfaceMethods.refused(method);
        };
    }

    /** Refuses to write the handler, which is written if the proxy is not a {@link ProxyMarkers.ReplaceableProxy}. */
    @Serial
    private Object writeReplace() throws NotSerializableException {
        throw new NotSerializableException("A proxy of " + type.getName() + " cannot be written, since that interface"
                + " is not public and its module or class loader does not see this library, or has a writeReplace()"
                + " that does not return Object: write ContextProxies.unwrap(proxy)");
    }

    /** Refuses to read a handler, since this library never writes one. */
    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("The handler of a proxy cannot be read: only targets are written");
    }
}
