package dev.scopedcontext.jmh;

import dev.scopedcontext.jmh.peer.Peer;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * How a question is put to the benchmarks of a class: to which methods of it, with which parameters where not with its
 * own, and to which peers where not to all that can answer.
 */
record Asked(Class<?> benchmark, String methods, List<String> peers, Map<String, List<String>> params, boolean isOnce,
        int fromJdk) {

    static Asked ask(Class<?> benchmark) {
        return ask(benchmark, "[^.]+");
    }

    static Asked ask(Class<?> benchmark, String methods) {
        return new Asked(benchmark, methods, List.of(), Map.of(), false, 17);
    }

    Asked of(String... peers) {
        return new Asked(benchmark, methods, List.of(peers), params, isOnce, fromJdk);
    }

    Asked with(String param, int... values) {
        Map<String, List<String>> all = new HashMap<>(params);
        all.put(param, Arrays.stream(values).mapToObj(String::valueOf).toList());
        return new Asked(benchmark, methods, peers, all, isOnce, fromJdk);
    }

    /** Says that it runs once in each fork, so that iterations and their time are not for the run to choose. */
    Asked once() {
        return new Asked(benchmark, methods, peers, params, true, fromJdk);
    }

    Asked from(int jdk) {
        return new Asked(benchmark, methods, peers, params, isOnce, jdk);
    }

    /** Whether it is asked of some peers only, to see how costs grow. */
    boolean isGrowth() {
        return !peers.isEmpty();
    }

    /** Chooses these benchmarks, and the peers that this JDK has. */
    void choose(ChainedOptionsBuilder options, int jdk) {
        options.include("\\." + benchmark.getSimpleName() + "\\.(" + methods + ")$");
        params.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        for (Field field : benchmark.getDeclaredFields()) {
            if (field.getName().equals("peer")) {
                List<String> all = peers.isEmpty() ? List.of(field.getAnnotation(Param.class).value()) : peers;
                options.param("peer", all.stream().filter(p -> Peer.needsJdk(p) <= jdk).toArray(String[]::new));
            }
        }
    }
}
