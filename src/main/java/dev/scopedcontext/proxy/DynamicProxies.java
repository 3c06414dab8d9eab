package dev.scopedcontext.proxy;

import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;

/** Creates proxies of interfaces with {@code java.lang.reflect.Proxy}, which caches their classes. */
final class DynamicProxies implements ProxyForm {

    private static final TypeCache<InterfaceMethods> METHODS = new TypeCache<>(InterfaceMethods::of);
    private static final TypeCache<ClassLoader> JOINT_LOADERS = new TypeCache<>(JointLoader::of);

    @Override
    public <T> T make(Class<T> type, Target target) {
        InterfaceMethods methods = METHODS.get(type);
        ClassLoader loader = type.getClassLoader();
        boolean replaceable = Access.seesUs(type);
        if (!replaceable && Modifier.isPublic(type.getModifiers())) {
            loader = JOINT_LOADERS.get(type);
            replaceable = true;
        }
        Class<?>[] interfaces = replaceable
                ? new Class<?>[]{type, ProxyMarkers.ReplaceableProxy.class}
                : new Class<?>[]{type};
        return type.cast(Proxy.newProxyInstance(loader, interfaces, new Forwarder(type, target, methods)));
    }
}
