package dev.scopedcontext;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The jar that the suite runs against. */
final class PackagedJar {
    private PackagedJar() {
    }

    static Path path() {
        try {
            return Path.of(ScopedContext.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static ModuleDescriptor module() {
        return ModuleFinder.of(path()).find("dev.scopedcontext").orElseThrow().descriptor();
    }
}
