package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ThreadStateCarrier.Carried;
import java.util.ArrayList;
import java.util.List;

/**
 * The carriers that are switched on: the value of a hidden key, whose hand-off captures what they carry.
 *
 * @param carriers what to capture with at the next hand-off
 * @param captured what the last hand-off captured; empty where there has been none
 */
record Carriers(List<ThreadStateCarrier> carriers, List<Carried> captured) {

    static final ContextKey<Carriers> KEY = ContextKey.<Carriers>builder("carriers")
            .withDefault(new Carriers(List.of(), List.of())).handOff(new HandOff<>() {
                @Override
                public Carriers capture(Carriers value) {
                    return value.capture();
                }
            }).build();

    /** Returns the carriers that are switched on now and the given ones. */
    static Carriers currentAnd(List<ThreadStateCarrier> added) {
        List<ThreadStateCarrier> all = new ArrayList<>(KEY.get().carriers);
        for (ThreadStateCarrier carrier : added) {
            if (!all.contains(carrier)) {
                all.add(carrier);
            }
        }
        return new Carriers(List.copyOf(all), List.of());
    }

    private Carriers capture() {
        List<Carried> states = new ArrayList<>();
        for (ThreadStateCarrier carrier : carriers) {
            states.add(requireNonNull(carrier.capture(), () -> carrier + ".capture() returned null"));
        }
        return new Carriers(carriers, List.copyOf(states));
    }

    /** Installs what was captured, until the scope ends. */
    void install(Scope scope) {
        for (Carried state : captured) {
            Runnable restore = state.install();
            scope.onExit(requireNonNull(restore, () -> state + ".install() returned null"));
        }
    }
}
