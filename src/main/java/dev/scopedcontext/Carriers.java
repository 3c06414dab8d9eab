package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ThreadStateCarrier.Carried;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;

/**
 * The carriers that are switched on: the value of a hidden key, which nests by adding to those around, and for
 * which a captured context has what they captured.
 */
final class Carriers {

    static final Key KEY = new Key("carriers", HandOff.inherit(), List.of(),
            (BinaryOperator<Carriers>) Carriers::and, Key.CARRIES, false);

    /** What to capture with at the next hand-off. */
    private final ThreadStateCarrier[] carriers;
    /** What the last hand-off captured; empty where there has been none. */
    private final Carried[] captured;

    private Carriers(ThreadStateCarrier[] carriers, Carried... captured) {
        this.carriers = carriers;
        this.captured = captured;
    }

    static Carriers of(ThreadStateCarrier... carriers) {
        ThreadStateCarrier[] all = carriers.clone();
        for (ThreadStateCarrier carrier : all) {
            requireNonNull(carrier, "carrier");
        }
        return new Carriers(all);
    }

    /** Returns these and others, each once. */
    private Carriers and(Carriers added) {
        Set<ThreadStateCarrier> all = new LinkedHashSet<>(List.of(carriers));
        all.addAll(List.of(added.carriers));
        return new Carriers(all.toArray(ThreadStateCarrier[]::new));
    }

    /** Returns a frame of a context that is being captured, with what those that are switched on in it capture. */
    static Frame capture(Frame frame) {
        return frame.above(new Binding(KEY, in(frame).capture(), Binding.NONE));
    }

    private Carriers capture() {
        Carried[] states = new Carried[carriers.length];
        for (int i = 0; i < states.length; i++) {
            ThreadStateCarrier carrier = carriers[i];
            states[i] = requireNonNull(carrier.capture(), () -> carrier + ".capture() returned null");
        }
        return new Carriers(carriers, states);
    }

    /** Installs the states that a context has captured, until a scope ends; each is a step of its own. */
    static void install(Frame captured, Scope scope, Consumer<Runnable> steps) {
        for (Carried state : in(captured).captured) {
            steps.accept(() -> {
                ExitAction.Undo undo = scope.pushUndo();
                undo.action = state.install();
                scope.raise(undo);
                requireNonNull(undo.action, () -> state + ".install() returned null");
            });
        }
    }

    private static Carriers in(Frame frame) {
        return (Carriers) requireNonNull(frame.lookup(KEY));
    }
}
