package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Captures contexts and enters them. Only this class decides how a context changes between threads. Wrapped tasks,
 * executors and futures all hand context over through it.
 *
 * <p>The reasons are in {@code docs/decisions/0004-hand-off.md}.
 */
final class HandOver {

    private HandOver() {
    }

    /** Returns whether capturing a frame may change it. */
    static boolean changes(Frame frame) {
        return frame.has(Key.HANDS_OFF | Key.CARRIES | Frame.DEFERS);
    }

    /**
     * Captures a frame that {@linkplain #changes changes} when it is captured. The caller must read the current frame
     * only once, since the owner of the scope may replace it.
     */
    static Frame capture(Frame current) {
        Frame frame = settled(current);
        Frame captured = frame.has(Key.HANDS_OFF) ? handedOff(frame) : frame;
        if (!frame.has(Key.CARRIES)) {
            return captured;
        }
        return frame.has(Key.HANDS_OFF) && frame.has(Key.MIRRORED)
                ? captureUnshown(captured)
                : Carriers.capture(captured);
    }

    /**
     * Captures the state of carriers while mirrors hide the keys that are not handed over, so that no carrier captures
     * them.
     */
    private static Frame captureUnshown(Frame captured) {
        Frame shown = shown(Current.scope());
        Scope meanwhile = Scope.calling(captured, () -> Carriers.capture(captured));
        meanwhile.pending = new ScopeEntry() {
            @Override
            void enter() {
                Mirrors.hideUnbound(shown, captured, meanwhile);
            }
        };
        meanwhile.run();
        return meanwhile.result();
    }

    /**
     * Returns the scope that runs a task in a captured context.
     *
     * @param anyway whether to run the task even if the context cannot be entered
     * @param around the current scope of the calling thread, or null
     */
    static Scope running(Frame context, Runnable task, boolean anyway, @Nullable Scope around) {
        return entering(Scope.running(entered(context, around), task), anyway, around);
    }

    /** Returns the scope that calls an operation in a captured context. */
    static Scope calling(Frame context, CallableOp<?, ?> op, boolean anyway, @Nullable Scope around) {
        return entering(Scope.calling(entered(context, around), op), anyway, around);
    }

    private static Scope entering(Scope scope, boolean anyway, @Nullable Scope around) {
        Frame shown = shown(around);
        if (!isPlain(shown, scope.frame)) {
            scope.pending = new SnapshotEntry(shown, scope.frame, scope, anyway);
        }
        return scope;
    }

    /** Returns a captured context for the calling thread: with the work of that thread, and in no piece of a scope. */
    static Frame entered(Frame captured, @Nullable Scope around) {
        if (Current.STRICT) {
            SharedCloseables.report(captured, around);
        }
        Frame entered = ThreadWorkKey.keep(captured, around);
        return entered.has(Key.IN_PIECE)
                ? entered.above(new Binding(Key.PIECE, Binding.ABSENT, Binding.NONE))
                : entered;
    }

    /** Returns whether a captured context can replace another one without further steps. */
    static boolean isPlain(Frame shown, Frame captured) {
        return !captured.has(Key.HANDS_OFF) && !captured.has(Key.CARRIES) && !captured.has(Key.MIRRORED)
                && !shown.has(Key.MIRRORED);
    }

    /** Returns the bindings that the calling thread shows in mirrors, which exclude inherited ones. */
    static Frame shown(@Nullable Scope around) {
        return around == null || !around.isOwned() ? Frame.EMPTY : around.frame;
    }

    /** Returns a frame with the same values, in which only refused values are deferred. */
    private static Frame settled(Frame frame) {
        if (!frame.has(Frame.DEFERS)) {
            return frame;
        }
        List<Binding> all = new ArrayList<>();
        boolean refuses = false;
        for (Binding b : frame) {
            Key key = requireNonNull(b.key);
            Object settled = b.value instanceof Deferred deferred ? settled(deferred) : b.value;
            refuses |= settled instanceof Deferred;
            if (key != Key.COVER) {
                all.add(new Binding(key, settled, Binding.NONE));
            }
        }
        return Frame.of(all, refuses);
    }

    private static @Nullable Object settled(Deferred deferred) {
        try {
            return deferred.value();
        } catch (Throwable refusal) {
            return new Refusal(refusal);
        }
    }

    /** Returns a frame of the values that hand-offs capture; the given one if all are the same. */
    private static Frame handedOff(Frame frame) {
        List<Binding> all = new ArrayList<>();
        List<Binding> changed = new ArrayList<>();
        boolean fewer = false;
        for (Binding b : frame) {
            Key key = requireNonNull(b.key);
            Object captured = frame.defers(b) ? b.value : captured(key, b.value);
            if (captured != b.value) {
                changed.add(new Binding(key, captured, Binding.NONE));
                fewer |= captured == Binding.ABSENT;
            }
            if (captured != Binding.ABSENT) {
                all.add(new Binding(key, captured, Binding.NONE));
            }
        }
        if (changed.isEmpty()) {
            return frame;
        }
        return fewer ? Frame.of(all, frame.has(Frame.DEFERS)) : frame.above(Binding.chain(changed));
    }

    private static @Nullable Object captured(Key key, @Nullable Object value) {
        return key.handOff == StandardHandOff.DROP ? Binding.ABSENT : key.handOff().capture(value);
    }
}
