package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.ThreadWork;
import org.jspecify.annotations.Nullable;

/** The key whose value describes the {@linkplain ThreadWork work of a thread}, in any context. */
final class ThreadWorkKey {

    /** Null until the key is created. */
    private static volatile @Nullable Key key;

    private ThreadWorkKey() {
    }

    static void set(Key created) {
        key = created;
    }

    static boolean is(Key other) {
        return other == key;
    }

    /** Returns a captured context, with the work of the thread that enters it. */
    static Frame keep(Frame captured, @Nullable Scope around) {
        Key work = key;
        return work == null || around == null ? captured : keep(work, around.frame, captured);
    }

    @SuppressWarnings("unchecked")
    private static Frame keep(Key work, Frame current, Frame captured) {
        if (current == captured || !current.binds(work)) {
            return captured;
        }
        Object around = requireNonNull(current.lookup(work));
        Object before = captured.binds(work) ? captured.lookup(work) : null;
        Object inside = ((ThreadWork<Object>) work.handOff).inside(around, before);
        return inside == before ? captured : captured.above(new Binding(work, inside, Binding.NONE));
    }
}
