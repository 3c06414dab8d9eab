package dev.scopedcontext;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The backend in strict mode. It records which keys each thread has bound, so that a message can say that a scope has
 * ended. Without strict mode nothing is recorded, since that would make every binding slower.
 *
 * <p>Each thread has a record of its own, which keeps no key alive.
 */
final class RecordingBackend implements Backend {

    private static final ThreadLocal<Set<Key>> BOUND = ThreadLocal
            .withInitial(() -> Collections.newSetFromMap(new WeakHashMap<>()));

    private final Backend backend;

    RecordingBackend(Backend backend) {
        this.backend = backend;
    }

    /** Records that the calling thread sees the bindings of a frame. */
    static void add(Frame frame) {
        if (frame.has(Frame.DEFERS)) {
            return; // since no value may be bound in the end
        }
        Set<Key> bound = BOUND.get();
        for (Binding binding : frame) {
            if (binding.key != null) {
                bound.add(binding.key);
            }
        }
    }

    /** Tells whether a key has been bound on the calling thread. Called in strict mode only. */
    static boolean hasBoundHere(Key key) {
        return BOUND.get().contains(key);
    }

    @Override
    public @Nullable Scope current() {
        return backend.current();
    }

    @Override
    public @Nullable Object @Nullable [] cell() {
        return backend.cell();
    }

    @Override
    public @Nullable Scope around(@Nullable Object @Nullable [] cell) {
        return backend.around(cell);
    }

    @Override
    public void run(Scope scope, @Nullable Object @Nullable [] cell) {
        add(scope.frame);
        backend.run(scope, cell);
    }
}
