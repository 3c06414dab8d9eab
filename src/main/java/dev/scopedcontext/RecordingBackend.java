package dev.scopedcontext;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The backend in strict mode. It records on which threads each key has been bound, so that a message can say that a
 * scope has ended. Other modes record nothing, since that would make every binding slower.
 *
 * <p>The record keeps neither keys nor threads alive.
 */
final class RecordingBackend implements Backend {

    /** The number of threads that are recorded for a key before the record starts again. */
    private static final int MOST = 256;

    /** The ids of the threads. Guarded by itself. */
    private static final Map<Key, Set<Long>> THREADS = new WeakHashMap<>();

    private final Backend backend;

    RecordingBackend(Backend backend) {
        this.backend = backend;
    }

    /** Records that the calling thread sees the bindings of a frame. */
    static void add(Frame frame) {
        long id = Thread.currentThread().getId();
        synchronized (THREADS) {
            for (Binding binding : frame) {
                Set<Long> ids = THREADS.get(binding.key);
                if (ids == null || ids.size() == MOST) {
                    ids = new HashSet<>();
                    THREADS.put(binding.key, ids);
                }
                ids.add(id);
            }
        }
    }

    /** Tells whether a key has been bound on the calling thread. False outside of strict mode. */
    static boolean hasBoundHere(Key key) {
        synchronized (THREADS) {
            return THREADS.getOrDefault(key, Set.of()).contains(Thread.currentThread().getId());
        }
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
