package dev.scopedcontext.local;

import dev.scopedcontext.HandOff;
import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Hands the values of a local over. Each task starts with the values at the time of the capture, in its own table.
 *
 * <p>A variable may have a hand-off of its own. Its value then goes through all steps of that hand-off, within the same
 * step of this one. Variables are opened in the order of their declaration and closed in reverse order. A hand-off
 * applies to the contexts that are captured after its declaration.
 */
final class TableHandOff implements HandOff<ValueTable> {

    /** Returns the table that the calling thread reads if the given one is bound. */
    private final UnaryOperator<ValueTable> inUse;

    /** The hand-offs of variables, in the order of their declaration, in an immutable list. */
    private volatile List<VarHandOff> vars = List.of();

    TableHandOff(UnaryOperator<ValueTable> inUse) {
        this.inUse = inUse;
    }

    /** Adds the hand-off of a variable. */
    synchronized void add(String name, int hash, HandOff<?> handOff) {
        List<VarHandOff> all = new ArrayList<>(vars);
        all.add(VarHandOff.of(name, hash, handOff));
        vars = List.copyOf(all);
    }

    /** Returns whether any variable has a hand-off of its own. */
    boolean hasVars() {
        return !vars.isEmpty();
    }

    @Override
    public ValueTable capture(ValueTable bound) {
        ValueTable current = inUse.apply(bound).freeze();
        List<VarHandOff> declared = vars;
        if (declared.isEmpty()) {
            return current;
        }
        ValueTable captured = new ValueTable(Thread.currentThread(), current);
        declared.forEach(var -> var.capture(captured));
        return new CapturedTable(captured.freeze(), declared);
    }

    /**
     * Skips the hand-offs of captured values in each task in which another table hides them. Called by the capturing
     * thread before it publishes the captured context.
     */
    static void skipIf(BooleanSupplier isHidden, ValueTable captured) {
        if (captured instanceof CapturedTable table) {
            table.isHidden = isHidden;
        }
    }

    @Override
    public void admit(ValueTable captured) {
        if (captured instanceof CapturedTable table && !table.isHidden.getAsBoolean()) {
            table.vars.forEach(var -> var.admit(captured));
        }
    }

    @Override
    public ValueTable open(ValueTable captured) {
        if (!(captured instanceof CapturedTable with) || with.isHidden.getAsBoolean()) {
            return new ValueTable(Thread.currentThread(), captured.freeze());
        }
        TaskTable table = new TaskTable(captured.freeze());
        try {
            with.vars.forEach(table::open);
            return table;
        } catch (Throwable failure) {
            table.closeAll(failure);
            throw failure;
        }
    }

    @Override
    public void close(ValueTable opened) {
        if (opened instanceof TaskTable table) {
            Failures.throwIfAny(table.closeAll(null));
        }
    }

    /** Captured values, and the hand-offs that were declared before the capture. */
    private static final class CapturedTable extends ValueTable {

        private final ValueTable values;
        private final List<VarHandOff> vars;

        /** Returns whether another table hides these values in the task of the calling thread. */
        private BooleanSupplier isHidden = () -> false;

        CapturedTable(ValueTable values, List<VarHandOff> vars) {
            super(null, values);
            this.values = values;
            this.vars = vars;
        }

        @Override
        ValueTable freeze() {
            return values;
        }
    }

    /** The table of a task, and the values that the hand-offs of variables opened for it. */
    private static final class TaskTable extends ValueTable {

        private @Nullable OpenedValue lastOpened;

        TaskTable(ValueTable captured) {
            super(Thread.currentThread(), captured);
        }

        void open(VarHandOff var) {
            Object captured = var.get(this);
            if (captured != NamedValue.ABSENT) {
                OpenedValue opened = new OpenedValue(var.handOff, lastOpened);
                opened.value = var.handOff.open(captured);
                lastOpened = opened; // by a store, since the stack may overflow here
                var.set(this, opened.value);
            }
        }

        /** Closes all values, latest first, and returns the first failure. */
        @Nullable
        Throwable closeAll(@Nullable Throwable failure) {
            Throwable first = failure;
            for (OpenedValue opened = lastOpened; opened != null; opened = opened.before) {
                first = Failures.attempt(first, opened);
            }
            return first;
        }
    }

    /** A value that was opened for a task. */
    private static final class OpenedValue implements AutoCloseable {

        private final HandOff<@Nullable Object> handOff;
        private final @Nullable OpenedValue before;
        private @Nullable Object value;

        OpenedValue(HandOff<@Nullable Object> handOff, @Nullable OpenedValue before) {
            this.handOff = handOff;
            this.before = before;
        }

        @Override
        public void close() {
            handOff.close(value);
        }
    }

    /** The hand-off of a variable. */
    private record VarHandOff(String name, int hash, HandOff<@Nullable Object> handOff) {

        @SuppressWarnings("unchecked") // the local checks the types of values that are set
        static VarHandOff of(String name, int hash, HandOff<?> handOff) {
            return new VarHandOff(name, hash, (HandOff<@Nullable Object>) handOff);
        }

        @Nullable
        Object get(ValueTable table) {
            return table.get(name, hash);
        }

        void set(ValueTable table, @Nullable Object value) {
            table.set(name, hash, value);
        }

        void capture(ValueTable table) {
            Object value = get(table);
            if (value != NamedValue.ABSENT) {
                set(table, handOff == HandOff.drop() ? NamedValue.ABSENT : handOff.capture(value));
            }
        }

        void admit(ValueTable captured) {
            Object value = get(captured);
            if (value != NamedValue.ABSENT) {
                handOff.admit(value);
            }
        }
    }
}
