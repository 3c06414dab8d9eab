package dev.scopedcontext.packaged;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import alone.Program;
import dev.scopedcontext.support.ChildJvm;
import dev.scopedcontext.support.PackagedJar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar chooses the same backend, and all its classes can be verified, in every form of packaging. */
@Tag("packaged")
@Tag("per-jdk")
class RepackagedJarTest {

    private static final String[] LINES = {
            "backend: " + (Runtime.version().feature() >= 25 ? "SCOPED_VALUE" : "THREAD_LOCAL"), "forked: [value]",
            "future: value", "attached: attached", "proxied: 4"};

    @TempDir
    private Path temp;

    @Test
    void onTheClassPath() throws Exception {
        assertThat(jvm().run(Program.class).lines()).contains("named module: false").contains(LINES);
    }

    @Test
    void onTheModulePath() throws Exception {
        ChildJvm asModule = jvm().with("--module-path", PackagedJar.path().toString(), "--add-modules",
                "dev.scopedcontext");
        assertThat(asModule.run(Program.class).lines()).contains("named module: true").contains(LINES);
    }

    @Test
    void unpackedAndPackedAgainWithoutItsManifest() throws Exception {
        Path again = packedAgain();
        String printed = jvm().with("-Xlog:class+load").first(again).run(Program.class);
        assertThat(printed.lines()).contains("named module: false").contains(LINES);
        assertThat(printed).containsPattern("dev.scopedcontext.BackendChoice source: .*" + again.getFileName());
    }

    @Test
    void linkedIntoAnImage() throws Exception {
        assertThat(jvm().linked(image()).run(Program.class).lines()).contains("named module: true").contains(LINES);
    }

    private static ChildJvm jvm() {
        return new ChildJvm().alone().with("-Xverify:all");
    }

    private Path packedAgain() throws IOException {
        Path again = temp.resolve("again.jar");
        try (JarFile jar = new JarFile(PackagedJar.path().toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(again))) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (!entry.getName().startsWith("META-INF")) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    jar.getInputStream(entry).transferTo(out);
                }
            }
        }
        return again;
    }

    private Path image() throws IOException {
        Path image = temp.resolve("image");
        StringWriter out = new StringWriter();
        PrintWriter to = new PrintWriter(out);
        ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
        int status = jlink.run(to, to, "--module-path", PackagedJar.path().toString(), "--add-modules",
                "dev.scopedcontext", "--output", image.toString());
        assertThat(status).as(out.toString()).isZero();
        // The launcher of this JDK may be adapted to the system; the one in its packaged modules is not.
        Path launcher = Path.of("bin", "java");
        Files.copy(Path.of(System.getProperty("java.home")).resolve(launcher), image.resolve(launcher),
                REPLACE_EXISTING,
                COPY_ATTRIBUTES);
        return image;
    }
}
