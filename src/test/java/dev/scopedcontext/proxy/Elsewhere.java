package dev.scopedcontext.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The package {@code elsewhere}, loaded anew by a loader or as a module of its own. */
final class Elsewhere {

    private static final Set<String> CLASSES = Set.of("Secret", "Shown", "ShownSecret", "Teller", "Asker",
            "Hiding", "Showing");

    private final ClassLoader loader;

    private Elsewhere(ClassLoader loader) {
        this.loader = loader;
    }

    /** In a loader that sees this library. */
    static Elsewhere inLoaderBelow() {
        return new Elsewhere(new Own(Elsewhere.class.getClassLoader()));
    }

    /** In a loader that sees nothing but java.base; the JDK's platform loader would find named modules, too. */
    static Elsewhere inLoaderAside() {
        return new Elsewhere(new Own(null));
    }

    /** In a module that shows its public types only. */
    static Elsewhere inClosedModule() {
        return new Elsewhere(module(ModuleDescriptor.newModule("elsewhere")));
    }

    /** In a module that shows its public types only, and reads that of this library. */
    static Elsewhere inClosedModuleThatReadsUs() {
        ModuleLayer.Controller controller = layer(ModuleDescriptor.newModule("elsewhere"));
        Module module = controller.layer().findModule("elsewhere").orElseThrow();
        controller.addReads(module, ContextProxies.class.getModule());
        return new Elsewhere(module.getClassLoader());
    }

    /** In a module that is open to everyone. */
    static Elsewhere inOpenModule() {
        return new Elsewhere(module(ModuleDescriptor.newOpenModule("elsewhere")));
    }

    @SuppressWarnings("unchecked")
    Class<Object> type(String name) throws ClassNotFoundException {
        return (Class<Object>) loader.loadClass("elsewhere." + name);
    }

    Object teller(String text) throws ReflectiveOperationException {
        return type("Teller").getConstructor(String.class).newInstance(text);
    }

    @SuppressWarnings("unchecked")
    String ask(Object asked) throws ReflectiveOperationException {
        return ((Function<Object, String>) type("Asker").getConstructor().newInstance()).apply(asked);
    }

    ClassLoader loader() {
        return loader;
    }

    private static byte[] classFile(String resource) {
        try (InputStream in = Elsewhere.class.getClassLoader().getResourceAsStream(resource)) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ClassLoader module(ModuleDescriptor.Builder started) {
        return layer(started).layer().findLoader("elsewhere");
    }

    private static ModuleLayer.Controller layer(ModuleDescriptor.Builder started) {
        ModuleDescriptor descriptor = started.requires("java.base").exports("elsewhere").build();
        ModuleReference reference = new ModuleReference(descriptor, URI.create("test:elsewhere")) {

            @Override
            public ModuleReader open() {
                return new Reader();
            }
        };
        ModuleFinder finder = new ModuleFinder() {

            @Override
            public Optional<ModuleReference> find(String name) {
                return name.equals("elsewhere") ? Optional.of(reference) : Optional.empty();
            }

            @Override
            public Set<ModuleReference> findAll() {
                return Set.of(reference);
            }
        };
        ModuleLayer boot = ModuleLayer.boot();
        Configuration with = boot.configuration().resolve(finder, ModuleFinder.of(), Set.of("elsewhere"));
        return ModuleLayer.defineModulesWithOneLoader(with, List.of(boot), Elsewhere.class.getClassLoader());
    }

    private static final class Reader implements ModuleReader {

        @Override
        public Optional<URI> find(String name) {
            return Optional.ofNullable(Elsewhere.class.getClassLoader().getResource(name))
                    .map(url -> URI.create(url.toString()));
        }

        @Override
        public Optional<InputStream> open(String name) {
            return Optional.ofNullable(Elsewhere.class.getClassLoader().getResourceAsStream(name));
        }

        @Override
        public Stream<String> list() {
            return CLASSES.stream().map(name -> "elsewhere/" + name + ".class");
        }

        @Override
        public void close() {
        }
    }

    private static final class Own extends ClassLoader {

        Own(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("elsewhere.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.startsWith("elsewhere.") || name.endsWith("ContextProxy")) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = classFile(name.replace('.', '/') + ".class");
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
