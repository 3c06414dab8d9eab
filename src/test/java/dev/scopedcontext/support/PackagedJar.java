package dev.scopedcontext.support;

import dev.scopedcontext.ScopedContext;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The jar under test. */
public final class PackagedJar {
    private PackagedJar() {
    }

    public static Path path() {
        try {
            return Path.of(ScopedContext.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public static ModuleDescriptor module() {
        return ModuleFinder.of(path()).find("dev.scopedcontext").orElseThrow().descriptor();
    }
}
