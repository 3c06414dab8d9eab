package dev.scopedcontext.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import alone.Program;
import dev.scopedcontext.support.ChildJvm;
import dev.scopedcontext.support.PackagedJar;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All other libraries are optional: the jar runs without them. */
@Tag("per-jdk")
@Tag("modules")
class NoOtherLibraryTest {

    private static final String[] LINES = {"optional: []", "forked: [value]", "future: value", "attached: attached",
            "sent: baggage: key=attached", "proxied: 4"};

    @Test
    void theLibraryRunsAlone() throws Exception {
        assertThat(new ChildJvm().alone().run(Program.class).lines()).contains(LINES);
    }

    @Test
    @Tag("packaged")
    void theLibraryRunsAloneAsAModule() throws Exception {
        ChildJvm asModule = new ChildJvm().alone().with("--module-path", PackagedJar.path().toString(),
                "--add-modules", "dev.scopedcontext");
        assertThat(asModule.run(Program.class).lines()).contains("named module: true").contains(LINES);
    }
}
