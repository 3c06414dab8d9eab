package dev.scopedcontext.local;

/** A cell that one thread writes, while another has inherited it by a plain fork. */
public class InheritedCell {

    /** One of these is set from the beginning, and more are added than the first table holds. */
    private static final String[] NAMES = {"b", "c", "d", "e", "f", "g", "h"};

    /** Neither of the actors, so that both see a cell that is not theirs. */
    private static final Thread PARENT = new Thread("parent");

    private final Cell cell = new Cell(null, Cell.EMPTY);

    /** Its value is seen as it was when it was set, or not at all. */
    static final class Value {

        private int letter;

        Value(String name) {
            letter = name.charAt(0);
        }

        @Override
        public String toString() {
            return letter == 0 ? "half made" : Character.toString(letter);
        }
    }

    InheritedCell() {
        cell.pass(PARENT);
        set("a");
    }

    private void set(String name) {
        cell.set(name, Cell.hash(name), new Value(name));
    }

    /** Sets the others. */
    final void write() {
        for (String name : NAMES) {
            set(name);
        }
    }

    /** Returns what a reader finds: of the one that is there, of the first that is added and of the last. */
    final String read() {
        return find(cell, "h") + find(cell, "b") + find(cell, "a");
    }

    /** Returns what a copy has of the same. */
    final String copy() {
        Cell copy = new Cell(Thread.currentThread(), cell.freeze());
        return find(copy, "h") + find(copy, "b") + find(copy, "a");
    }

    private static String find(Cell cell, String name) {
        Object value = cell.get(name, Cell.hash(name));
        return value == Slot.ABSENT ? "-" : value.toString();
    }
}
