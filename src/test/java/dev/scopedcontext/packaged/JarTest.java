package dev.scopedcontext.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.PackagedJar;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("packaged")
@Tag("once")
class JarTest {
    private static final int CLASS_FILE_OF_17 = 61;

    /** The jar tool reads no class files newer than itself. */
    @Test
    @Tag("jdk25")
    void isFoundValidByTheJarTool() {
        StringWriter out = new StringWriter();
        PrintWriter to = new PrintWriter(out);
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        int status = jar.run(to, to, "--validate", "--file", PackagedJar.path().toString());
        assertThat(status).as(out.toString()).isZero();
    }

    @Test
    void holdsOneVersionOfEachClassForEveryJdk() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            assertThat(jar.isMultiRelease()).isFalse();
            assertThat(jar.stream().map(JarEntry::getName)).noneMatch(name -> name.startsWith("META-INF/versions/"));
            assertThat(classes(jar)).anyMatch(c -> c.getName().equals("dev/scopedcontext/ScopedValueBackend.class"));
            for (JarEntry c : classes(jar)) {
                assertThat(classFileVersion(jar, c)).as(c.getName()).isEqualTo(CLASS_FILE_OF_17);
            }
        }
    }

    @Test
    void holdsNothingOfTheBuild() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            assertThat(jar.stream().map(JarEntry::getName)).doesNotContain("META-INF/jpms.args");
        }
    }

    /** Classes that bind, fork and hand over are loaded for all users. Other packages are loaded on demand. */
    @Test
    void isSmall() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            assertThat(compressed(jar, "dev/scopedcontext/[^/]*|dev/scopedcontext/(internal|task)/.*"))
                    .isLessThan(162_000);
        }
        assertThat(PackagedJar.path().toFile().length()).isLessThan(434 * 1024);
    }

    private static long compressed(JarFile jar, String names) {
        return jar.stream().filter(e -> e.getName().matches(names)).mapToLong(JarEntry::getCompressedSize).sum();
    }

    private static List<JarEntry> classes(JarFile jar) {
        return jar.stream().filter(e -> e.getName().endsWith(".class")).toList();
    }

    private static int classFileVersion(JarFile jar, JarEntry entry) throws IOException {
        try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
            in.skipNBytes(6);
            return in.readUnsignedShort();
        }
    }
}
