package dev.scopedcontext.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs a main class in a JVM of its own, for decisions that are made when the library is loaded. */
public final class ChildJvm {

    private final List<String> options = new ArrayList<>();
    private final List<Path> classPath = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private Path home = Path.of(System.getProperty("java.home"));
    private boolean alone;
    private boolean linked;

    /** Adds options for the JVM. */
    public ChildJvm with(String... jvmOptions) {
        options.addAll(Arrays.asList(jvmOptions));
        return this;
    }

    /** Prepends a class path entry, before the library and the tests. */
    public ChildJvm first(Path classes) {
        classPath.add(classes);
        return this;
    }

    /** Leaves out all optional libraries: only the library and the tests remain. */
    public ChildJvm alone() {
        alone = true;
        return this;
    }

    /** Runs in a {@code jlink} image that contains the library, with only the tests on the class path. */
    public ChildJvm linked(Path image) {
        home = image;
        linked = true;
        return alone();
    }

    /** Leaves out the jars whose names begin with a prefix. */
    public ChildJvm without(String... jars) {
        left.addAll(Arrays.asList(jars));
        return this;
    }

    /** Returns the output of the program, which must end normally. */
    public String run(Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(home.resolve(Path.of("bin", "java")).toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(Arrays.asList(arguments));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(child.getInputStream().readAllBytes(), UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).as(printed).isTrue();
        assertThat(child.exitValue()).as(printed).isZero();
        return printed;
    }

    private String classPath() throws URISyntaxException {
        List<String> places = new ArrayList<>();
        classPath.forEach(place -> places.add(place.toString()));
        if (!linked) {
            places.add(library().toString());
        }
        places.add(tests().toString());
        if (!alone) {
            places.addAll(listed("java.class.path"));
            places.addAll(listed("jdk.module.path"));
        }
        return String.join(File.pathSeparator, places);
    }

    private List<String> listed(String property) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL).splitAsStream(System.getProperty(property, ""))
                .filter(place -> left.stream().noneMatch(Path.of(place).getFileName().toString()::startsWith)).toList();
    }

    /** Returns the location of the library: its jar, or the directory of its classes in the fast loop. */
    public static Path library() throws URISyntaxException {
        return Path.of(ContextKey.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Returns the location of the tests. On the module path they are patched in, so their code source is the jar. */
    public static Path tests() throws URISyntaxException {
        Path file = Path.of(ChildJvm.class.getResource("ChildJvm.class").toURI());
        return file.getParent().getParent().getParent().getParent();
    }
}
