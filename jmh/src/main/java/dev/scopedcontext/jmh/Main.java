package dev.scopedcontext.jmh;

import dev.scopedcontext.jmh.peer.FastThreads;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs all questions of the standard run, or those with the given numbers. With {@code --quick} first, each runs only
 * briefly. All other arguments are those of JMH.
 */
public final class Main {
    private static final Map<String, String> THREADS = Map.of("jmh.executor", "CUSTOM", "jmh.executor.class",
            FastThreads.class.getName());

    private static final String QUICK = "--quick";

    private Main() {
    }

    /** Runs benchmarks. */
    public static void main(String[] args) throws Exception {
        System.getProperties().putAll(THREADS);
        if (args.length == 0 || args[0].equals(QUICK) || args[0].matches("\\d+")) {
            standardRun(List.of(args));
        } else {
            org.openjdk.jmh.Main.main(Stream.concat(Stream.of(args), asJmhNeedsIt()).toArray(String[]::new));
        }
    }

    /** Returns the JVM options of forks, whose threads must also be {@link FastThreads}. */
    static String[] jvmArguments() {
        return THREADS.entrySet().stream().map(e -> "-D" + e.getKey() + "=" + e.getValue()).sorted()
                .toArray(String[]::new);
    }

    /** Rejects unknown arguments before anything is written. */
    private static void standardRun(List<String> args) throws Exception {
        Set<Question> questions = EnumSet.noneOf(Question.class);
        try {
            args.stream().filter(a -> !a.equals(QUICK)).map(Question::of).forEach(questions::add);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        StandardRun run = new StandardRun(args.contains(QUICK));
        run.describe();
        for (Question question : questions.isEmpty() ? EnumSet.allOf(Question.class) : questions) {
            run.ask(question);
        }
    }

    private static Stream<String> asJmhNeedsIt() {
        Stream<String> threads = Stream.of("-jvmArgsPrepend", String.join(" ", jvmArguments()));
        if (Runtime.version().feature() >= 25) {
            return threads;
        }
        System.out.println("# Leaves out rawScopedValue…; other peers that need a newer JDK fail.");
        return Stream.concat(threads, Stream.of("-e", "rawScopedValue"));
    }
}
