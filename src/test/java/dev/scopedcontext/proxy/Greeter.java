package dev.scopedcontext.proxy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** An interface with methods of every kind. */
interface Greeter {

    String name();

    void rename(String name);

    default String greet() {
        return "Hello " + name();
    }

    String greet(String other);

    String greet(int times, long seed, double weight, boolean loud);

    default String greetAll(String... others) {
        return Arrays.toString(others);
    }

    <T extends Comparable<T>> T greatest(List<T> all);

    void read() throws IOException;

    static Greeter named(String name) {
        return new Named(name);
    }

    /** Overrides a default method, too. */
    final class Named implements Greeter {

        private String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void rename(String newName) {
            this.name = newName;
        }

        @Override
        public String greet() {
            return "I am " + name;
        }

        @Override
        public String greet(String other) {
            return name + " greets " + other;
        }

        @Override
        public String greet(int times, long seed, double weight, boolean loud) {
            return times + " " + seed + " " + weight + " " + loud;
        }

        @Override
        public <T extends Comparable<T>> T greatest(List<T> all) {
            return all.stream().max(Comparable::compareTo).orElseThrow();
        }

        @Override
        public void read() throws IOException {
            throw new IOException(name + " cannot read");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Named named && named.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

        @Override
        public String toString() {
            return "Greeter " + name;
        }
    }
}
