package dev.scopedcontext.jmh;

import dev.scopedcontext.jmh.peer.FastThreads;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Asks all questions in the standard run, or those that are given by their numbers; with {@code --quick} first, for a
 * moment each. Other arguments are JMH's own.
 */
public final class Main {
    private static final Map<String, String> THREADS = Map.of("jmh.executor", "CUSTOM", "jmh.executor.class",
            FastThreads.class.getName());

    private Main() {
    }

    /** Runs benchmarks. */
    public static void main(String[] args) throws Exception {
        System.getProperties().putAll(THREADS);
        if (Stream.of(args).allMatch(a -> a.equals("--quick") || a.matches("\\d+"))) {
            standardRun(Arrays.asList(args));
        } else {
            org.openjdk.jmh.Main.main(Stream.concat(Stream.of(args), asJmhNeedsIt()).toArray(String[]::new));
        }
    }

    /** What forks are told, so that their threads are ours too. */
    static String[] jvmArguments() {
        return THREADS.entrySet().stream().map(e -> "-D" + e.getKey() + "=" + e.getValue()).sorted()
                .toArray(String[]::new);
    }

    private static void standardRun(List<String> args) throws Exception {
        StandardRun run = new StandardRun(args.contains("--quick"));
        List<String> numbers = args.stream().filter(a -> !a.startsWith("-")).toList();
        run.describe();
        for (Question question : Question.values()) {
            if (numbers.isEmpty() || numbers.contains(String.valueOf(question.number()))) {
                run.ask(question);
            }
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
