package dev.scopedcontext.proxy;

import java.lang.invoke.VarHandle;

/** Makes proxies of interfaces and classes, of a class that Byte Buddy generates for each. */
final class GeneratedProxies implements ProxyForm {

    private static final PerType<Class<?>> CLASSES = new PerType<>(ProxyClass::of);

    @Override
    public <T> T make(Class<T> type, Target target) {
        Hidden.Generated proxy = (Hidden.Generated) instance(type, CLASSES.get(type));
        proxy.scopedContextTarget(target);
        // Whoever sees the proxy sees its target, as if that were a final field.
        VarHandle.releaseFence();
        return type.cast(proxy);
    }

    private static Object instance(Class<?> type, Class<?> generated) {
        if (!type.isInterface()) {
            return WithoutConstructor.instance(generated);
        }
        try {
            return generated.getConstructor().newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
