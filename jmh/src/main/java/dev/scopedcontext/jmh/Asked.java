package dev.scopedcontext.jmh;

import dev.scopedcontext.jmh.peer.Peer;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * The way to run the benchmarks of a class for a question: the methods, the parameters if they are not the declared
 * ones, and the peers if they are not all that can answer.
 */
record Asked(Class<?> benchmark, String methods, List<String> peers, Map<String, List<String>> params, boolean isOnce,
        int fromJdk, boolean settlesLate, int rounds) {

    static Asked ask(Class<?> benchmark) {
        return ask(benchmark, "[^.]+");
    }

    static Asked ask(Class<?> benchmark, String methods) {
        return new Asked(benchmark, methods, List.of(), Map.of(), false, 17, false, 1);
    }

    Asked of(String... peers) {
        return new Asked(benchmark, methods, List.of(peers), params, isOnce, fromJdk, settlesLate, rounds);
    }

    Asked with(String param, int... values) {
        Map<String, List<String>> all = new HashMap<>(params);
        all.put(param, Arrays.stream(values).mapToObj(String::valueOf).toList());
        return new Asked(benchmark, methods, peers, all, isOnce, fromJdk, settlesLate, rounds);
    }

    /** Makes the benchmarks run once in each fork, so that the run does not choose iterations and their time. */
    Asked once() {
        return new Asked(benchmark, methods, peers, params, true, fromJdk, settlesLate, rounds);
    }

    /**
     * Sets a longer warm-up and more JVMs, for benchmarks that take seconds to settle, at another cost in each JVM. The
     * scheduler of virtual threads causes this.
     */
    Asked settlingLate() {
        return new Asked(benchmark, methods, peers, params, isOnce, fromJdk, true, rounds);
    }

    /** Sets a number of rounds, in each of which all peers run in turn, in case the machine changes during the run. */
    Asked inRounds(int number) {
        return new Asked(benchmark, methods, peers, params, isOnce, fromJdk, settlesLate, number);
    }

    Asked from(int jdk) {
        return new Asked(benchmark, methods, peers, params, isOnce, jdk, settlesLate, rounds);
    }

    /** Returns whether only some peers run, to show how costs grow. */
    boolean isGrowth() {
        return !peers.isEmpty();
    }

    /**
     * Chooses these benchmarks, and the peers that this JDK supports. A quick run uses only the first and last
     * parameters.
     */
    void choose(ChainedOptionsBuilder options, int jdk, boolean quick) {
        options.include("\\." + benchmark.getSimpleName() + "\\.(" + methods + ")$");
        for (Field field : benchmark.getDeclaredFields()) {
            if (field.isAnnotationPresent(Param.class)) {
                String name = field.getName();
                List<String> values = List.of(field.getAnnotation(Param.class).value());
                options.param(name, (name.equals("peer") ? peers(values, jdk) : params(name, values, quick))
                        .toArray(String[]::new));
            }
        }
    }

    private Stream<String> peers(List<String> all, int jdk) {
        return (peers.isEmpty() ? all : peers).stream().filter(p -> Peer.needsJdk(p) <= jdk);
    }

    private Stream<String> params(String name, List<String> own, boolean quick) {
        if (quick && name.equals("threads")) {
            return Stream.of("10000");
        }
        List<String> values = params.getOrDefault(name, own);
        return quick ? Stream.of(values.get(0), values.get(values.size() - 1)).distinct() : values.stream();
    }
}
