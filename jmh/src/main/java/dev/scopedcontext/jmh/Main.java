package dev.scopedcontext.jmh;

import java.util.stream.Stream;

/** JMH's own main, which leaves out what a JDK before 25 cannot run. */
public final class Main {
    private Main() {
    }

    /** Runs the benchmarks; the arguments are JMH's. */
    public static void main(String[] args) throws Exception {
        if (Runtime.version().feature() >= 25) {
            org.openjdk.jmh.Main.main(args);
        } else {
            System.out.println("# Leaves out rawScopedValue…, which needs JDK 25.");
            Stream<String> without = Stream.of("-e", "rawScopedValue");
            org.openjdk.jmh.Main.main(Stream.concat(Stream.of(args), without).toArray(String[]::new));
        }
    }
}
