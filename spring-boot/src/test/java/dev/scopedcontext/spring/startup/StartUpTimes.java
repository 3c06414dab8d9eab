package dev.scopedcontext.spring.startup;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.spring.servlet.RequestScopeOpener;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Measures what the starter adds to the start of an application: the time from the start of the JVM until the
 * application is ready. Starts the application in new JVMs, with and without the starter in turn.
 */
final class StartUpTimes {

    private static final int ROUNDS = 20;

    private StartUpTimes() {
    }

    public static void main(String[] args) throws Exception {
        List<String> all = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
        String with = path(all, entry -> true);
        List<String> ours = List.of(origin(ScopedContext.class), origin(RequestScopeOpener.class));
        String without = path(all, entry -> !ours.contains(entry));
        List<Integer> withTimes = new ArrayList<>();
        List<Integer> withoutTimes = new ArrayList<>();
        time(with);
        time(without);
        for (int i = 0; i < ROUNDS; i++) {
            withoutTimes.add(time(without));
            withTimes.add(time(with));
        }
        System.out.printf(Locale.ROOT, "Ready after %s without the starter, and after %s with it%n",
                summary(withoutTimes), summary(withTimes));
    }

    /** Leaves out servers and clients of another kind, with which the application would be of another kind. */
    private static String path(List<String> entries, Predicate<String> wanted) {
        return entries.stream()
                .filter(wanted)
                .filter(entry -> !entry.matches(".*(jetty|netty|webflux|security|jdbc|h2|HikariCP)[^/]*\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Returns the jar or the directory that a class is loaded from. */
    private static String origin(Class<?> type) {
        return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
    }

    /** Returns the milliseconds until the application is ready, in a new JVM. */
    private static int time(String classPath) throws IOException, InterruptedException {
        Process jvm = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp", classPath,
                Application.class.getName()).redirectErrorStream(true).start();
        String output;
        try (InputStream in = jvm.getInputStream()) {
            output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (jvm.waitFor() != 0) {
            throw new IllegalStateException("The application has failed:\n" + output);
        }
        return Integer.parseInt(output.substring(output.indexOf("ready ") + 6).trim());
    }

    private static String summary(List<Integer> times) {
        Collections.sort(times);
        return times.get(times.size() / 2) + " ms (fastest " + times.get(0) + ")";
    }

    /** An application with a server and nothing else. */
    @EnableAutoConfiguration
    static class Application {

        public static void main(String[] args) {
            SpringApplication.run(Application.class, "--server.port=0", "--logging.level.root=off",
                    "--spring.main.banner-mode=off").close();
        }

        @EventListener
        void ready(ApplicationReadyEvent event) {
            System.out.println("ready " + ManagementFactory.getRuntimeMXBean().getUptime());
        }
    }
}
