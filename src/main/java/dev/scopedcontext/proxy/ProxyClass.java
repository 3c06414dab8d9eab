package dev.scopedcontext.proxy;

import static java.lang.invoke.MethodHandles.lookup;
import static java.lang.invoke.MethodHandles.privateLookupIn;

/**
 * Defines the class of the proxies of a type. If the package of the type is open, the class is defined there, so that
 * it can forward package-private and protected methods and is unloaded with the type. Otherwise it has its own loader.
 */
final class ProxyClass {

    private ProxyClass() {
    }

    static Class<?> of(Class<?> type) {
        if (Access.obstacleBeside(type) == null) {
            // Two dollar signs, since the name with one could be that of a member class of the type.
            byte[] classFile = ProxyWriter.write(type, type.getName() + "$$ContextProxy");
            return defineBeside(type, classFile);
        }
        JointLoader loader = JointLoader.of(type);
        if (!Access.isPublic(type, loader.getUnnamedModule())) {
            Access.ensureOpen(type, type);
            throw new IllegalArgumentException(type.getName() + " cannot be proxied by a generated class, since it is"
                    + " not public and its module or class loader does not see this library: make it public, or let"
                    + " the module require that of this library");
        }
        String name = "dev.scopedcontext.proxies." + type.getName();
        return loader.define(name, ProxyWriter.write(type, name));
    }

    private static Class<?> defineBeside(Class<?> type, byte[] classFile) {
        ProxyClass.class.getModule().addReads(type.getModule());
        try {
            return privateLookupIn(type, lookup()).defineClass(classFile);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
