package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.support.PackagedJar;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A room is a package. Which room may use which is decided here. */
@Tag("packaged")
@Tag("once")
class RoomsTest {
    private static final String ROOT = "dev.scopedcontext";

    /** What a room may use besides itself, the root and {@code internal}; a room that is not listed, no other. */
    private static final Map<String, Set<String>> MAY_USE = Map.of( //
            "named", Set.of("proxy"), //
            "local", Set.of("proxy"));

    /** The rooms that need nothing but java.base; the others are bridges to what they are named after. */
    private static final Set<String> ON_JAVA_BASE_ONLY = Set.of("", "internal", "task", "proxy", "named", //
            "local", "baggage");

    /** The classes of those rooms that stand for an optional library, and are not needed without it. */
    private static final Map<String, String> OPTIONAL = Map.of( //
            "dev.scopedcontext.proxy.ProxyWriter", "net.bytebuddy.", //
            "dev.scopedcontext.proxy.ProxyInstances", "org.objenesis.");

    private static final Set<String> JAVA_BASE = ModuleLayer.boot().findModule("java.base").orElseThrow().getPackages();

    @Test
    void roomsUseOnlyWhatTheyMay() throws IOException {
        assertThat(violations(classesOfTheJar())).isEmpty();
    }

    @Test
    void theModuleRequiresOnlyJavaBase() {
        assertThat(PackagedJar.module().requires())
                .filteredOn(required -> !required.modifiers().contains(Requires.Modifier.STATIC))
                .extracting(Requires::name).containsExactly("java.base");
    }

    @Test
    void aForbiddenDependencyIsSeen() {
        JavaClasses ofTheRoot = new ClassFileImporter().importClasses(CleanThread.class);
        assertThat(violations(ofTheRoot)).anyMatch(v -> v.contains("org.junit.jupiter"));
    }

    private static JavaClasses classesOfTheJar() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            JavaClasses classes = new ClassFileImporter().importJar(jar);
            assertThat(classes).isNotEmpty();
            return classes;
        }
    }

    private static List<String> violations(JavaClasses classes) {
        return classes.stream().flatMap(c -> c.getDirectDependenciesFromSelf().stream()).filter(d -> !isAllowed(d))
                .map(Dependency::getDescription).sorted().distinct().toList();
    }

    private static boolean isAllowed(Dependency dependency) {
        String from = room(dependency.getOriginClass());
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.isPrimitive() || JAVA_BASE.contains(target.getPackageName())
                || target.getPackageName().equals("org.jspecify.annotations")) {
            return true;
        }
        if (!isOurs(target)) {
            return !ON_JAVA_BASE_ONLY.contains(from) || isOptional(dependency.getOriginClass(), target);
        }
        String to = room(target);
        return to.equals(from) || to.isEmpty() || to.equals("internal")
                || MAY_USE.getOrDefault(from, Set.of()).contains(to);
    }

    private static boolean isOptional(JavaClass from, JavaClass to) {
        String library = OPTIONAL.get(from.getName());
        return library != null && to.getName().startsWith(library);
    }

    private static boolean isOurs(JavaClass c) {
        return c.getPackageName().equals(ROOT) || c.getPackageName().startsWith(ROOT + ".");
    }

    /** The first name below the root: "" for the root itself. */
    private static String room(JavaClass c) {
        return c.getPackageName().substring(ROOT.length()).replaceFirst("^\\.([^.]*).*", "$1");
    }
}
