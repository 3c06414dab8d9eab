package dev.scopedcontext.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/** Objects that must be garbage, each with its description. */
public final class Garbage {

    private final List<Entry> entries = new ArrayList<>();

    /** Adds an object, and returns it. */
    public <T> T add(String description, T object) {
        entries.add(new Entry(description, new WeakReference<>(object)));
        return object;
    }

    /** Checks that all of them are collected. */
    public void assertCollected() throws InterruptedException {
        for (int i = 0; i < 100 && !held().isEmpty(); i++) {
            System.gc();
            Thread.sleep(1 + i);
        }
        assertThat(held()).as("what is still held").isEmpty();
        assertThat(entries).isNotEmpty();
    }

    private List<String> held() {
        return entries.stream().filter(entry -> entry.object.get() != null).map(Entry::description).toList();
    }

    private record Entry(String description, WeakReference<Object> object) {
    }
}
