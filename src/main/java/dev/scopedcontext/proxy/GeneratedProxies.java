package dev.scopedcontext.proxy;

import java.lang.invoke.VarHandle;

/** Creates proxies of interfaces and classes. Byte Buddy generates one proxy class per type. */
final class GeneratedProxies implements ProxyForm {

    private static final TypeCache<Class<?>> CLASSES = new TypeCache<>(ProxyClass::of);

    @Override
    public <T> T make(Class<T> type, Target target) {
        ProxyMarkers.GeneratedProxy proxy = (ProxyMarkers.GeneratedProxy) instance(type, CLASSES.get(type));
        proxy.scopedContextTarget(target);
        // Publishes the target together with the proxy, like a final field.
        VarHandle.releaseFence();
        return type.cast(proxy);
    }

    private static Object instance(Class<?> type, Class<?> generated) {
        if (!type.isInterface()) {
            return ProxyInstances.create(generated);
        }
        try {
            return generated.getConstructor().newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
