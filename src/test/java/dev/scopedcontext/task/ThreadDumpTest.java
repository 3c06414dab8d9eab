package dev.scopedcontext.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code jcmd <pid> Thread.dump_to_file -format=json} shows of task scopes. */
@OnEachEngine
class ThreadDumpTest {

    @TempDir
    private Path directory;

    @Test
    void onTheJdksEngineItShowsTheTree() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch dumped = new CountDownLatch(1);
        try (var outer = TaskScope.open(c -> c.withName("the-orders"))) {
            outer.fork(() -> {
                try (var inner = TaskScope.open(c -> c.withName("the-prices"))) {
                    inner.fork(() -> {
                        running.countDown();
                        dumped.await();
                        return null;
                    });
                    return inner.join();
                }
            });
            running.await();
            if (Engines.current().report().kind() == EngineReport.Kind.JDK) {
                String dump = dump();
                assertThat(dump).contains("\"name\": \"the-orders-1\"", "\"name\": \"the-prices-1\"");
                assertThat(containerOf(dump, "the-prices")).contains("\"parent\": \"the-orders");
            }
            dumped.countDown();
            outer.join();
        }
    }

    private String dump() throws IOException, InterruptedException {
        Path file = directory.resolve("dump.json");
        Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(ProcessHandle.current().pid()), "Thread.dump_to_file", "-format=json", file.toString())
                .redirectErrorStream(true).start();
        String printed = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        assertThat(jcmd.waitFor()).as(printed).isZero();
        return Files.readString(file);
    }

    /** Returns the part of a dump that begins with a container's name and ends where its threads do. */
    private static String containerOf(String dump, String name) {
        int start = dump.indexOf("\"container\": \"" + name);
        assertThat(start).as(dump).isNotNegative();
        return dump.substring(start, dump.indexOf("\"threads\"", start));
    }
}
