package dev.scopedcontext.local;

/** A table that one thread writes, while another one has inherited it by a plain fork. */
public class InheritedTable {

    /** The names that are added after the first one, "a". The initial array has no room for all of them. */
    private static final String[] NAMES = {"b", "c", "d", "e", "f", "g", "h"};

    /** A thread other than the actors, so that the table belongs to neither. */
    private static final Thread PARENT = new Thread("parent");

    private final ValueTable table = new ValueTable(null, ValueTable.EMPTY);

    /** A value that readers see either fully constructed or not at all. */
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

    InheritedTable() {
        table.passTo(PARENT);
        set("a");
    }

    private void set(String name) {
        table.set(name, ValueTable.hash(name), new Value(name));
    }

    /** Sets the other values. */
    final void write() {
        for (String name : NAMES) {
            set(name);
        }
    }

    /** Returns the values that a reader sees for three names: added last, added first, and present before. */
    final String read() {
        return find(table, "h") + find(table, "b") + find(table, "a");
    }

    /** Returns the values that a copy has for the same names. */
    final String copy() {
        ValueTable copy = new ValueTable(Thread.currentThread(), table.freeze());
        return find(copy, "h") + find(copy, "b") + find(copy, "a");
    }

    private static String find(ValueTable table, String name) {
        Object value = table.get(name, ValueTable.hash(name));
        return value == NamedValue.ABSENT ? "-" : value.toString();
    }
}
