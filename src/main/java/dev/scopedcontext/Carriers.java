package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ThreadStateCarrier.Carried;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The carriers that are switched on: the value of a hidden key, which nests by adding to those around, and
 * whose hand-off captures what they carry.
 *
 * @param carriers what to capture with at the next hand-off
 * @param captured what the last hand-off captured; empty where there has been none
 */
record Carriers(List<ThreadStateCarrier> carriers, List<Carried> captured) {

    static final ContextKey<Carriers> KEY = ContextKey.<Carriers>builder("carriers")
            .nesting(Carriers::and).handOff(new HandOff<>() {
                @Override
                public Carriers capture(Carriers value) {
                    return value.capture();
                }
            }).build();

    static Carriers of(ThreadStateCarrier... carriers) {
        List<ThreadStateCarrier> all = new ArrayList<>();
        for (ThreadStateCarrier carrier : carriers) {
            all.add(requireNonNull(carrier, "carrier"));
        }
        return new Carriers(List.copyOf(all), List.of());
    }

    /** Returns these and others, each once. */
    Carriers and(Carriers added) {
        Set<ThreadStateCarrier> all = new LinkedHashSet<>(carriers);
        all.addAll(added.carriers);
        return new Carriers(List.copyOf(all), List.of());
    }

    private Carriers capture() {
        Carried[] states = new Carried[carriers.size()];
        for (int i = 0; i < states.length; i++) {
            ThreadStateCarrier carrier = carriers.get(i);
            states[i] = requireNonNull(carrier.capture(), () -> carrier + ".capture() returned null");
        }
        return new Carriers(carriers, List.of(states));
    }

    /** Installs what was captured for a scope, until it ends. */
    static void install(Scope scope) {
        Carriers carriers = KEY.orElse(null);
        if (carriers == null) {
            return;
        }
        for (Carried state : carriers.captured) {
            Runnable restore = state.install();
            scope.onExit(requireNonNull(restore, () -> state + ".install() returned null"));
        }
    }
}
