package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ThreadStateCarrier.Carried;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;

/**
 * The carriers that are in effect, as the value of a hidden key. An inner value adds carriers to the outer one. In a
 * captured context, the value also holds the captured states.
 */
final class Carriers {

    static final Key KEY = new Key("carriers", HandOff.inherit(), List.of(),
            (BinaryOperator<Carriers>) Carriers::and, Key.CARRIES, false);

    /** The carriers of the next capture. */
    private final ThreadStateCarrier[] carriers;
    /** The states of the last capture; empty if there was none. */
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

    /** Returns these carriers and others, without duplicates. */
    private Carriers and(Carriers added) {
        Set<ThreadStateCarrier> all = new LinkedHashSet<>(List.of(carriers));
        all.addAll(List.of(added.carriers));
        return new Carriers(all.toArray(ThreadStateCarrier[]::new));
    }

    /** Returns a frame with the states that its carriers capture. */
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

    /** Installs the captured states of a context until a scope ends. Each state is a step of its own. */
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
