package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Hands context over: the one place where it is decided what happens on the way from one thread to another.
 * Whatever takes context along (wrapped tasks, executors, futures) does so by capturing there and calling
 * here.
 *
 * <p>The reasons are in {@code docs/decisions/0004-hand-off.md}.
 */
final class HandOver {

    private HandOver() {
    }

    /** Tells whether capturing a frame may give another frame. */
    static boolean changes(Frame frame) {
        return frame.has(Key.HANDS_OFF | Key.CARRIES | Frame.DEFERS);
    }

    /**
     * Captures a frame that capturing {@linkplain #changes changes}. The caller has read it once, since its owner may
     * put another one in its place.
     */
    static Frame capture(Frame current) {
        Frame frame = current.settled();
        Frame captured = frame.has(Key.HANDS_OFF) ? frame.map(HandOver::captured) : frame;
        if (!frame.has(Key.CARRIES)) {
            return captured;
        }
        return frame.has(Key.HANDS_OFF) && frame.has(Key.MIRRORED)
                ? captureUnshown(captured)
                : Carriers.capture(captured);
    }

    /** Captures while the mirrors of keys that are left behind hide them, so that no carrier takes them along. */
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
     * @param anyway whether to run it even if the context refuses to be entered
     * @param around the scope that the calling thread is in, or null
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

    /** Returns a captured context as the calling thread enters it: with its own work, and in no piece of a scope. */
    static Frame entered(Frame captured, @Nullable Scope around) {
        if (Current.STRICT) {
            SharedCloseables.report(captured, around);
        }
        Frame entered = ThreadWorkKey.keep(captured, around);
        return entered.has(Key.IN_PIECE)
                ? entered.above(new Binding(Key.PIECE, Binding.ABSENT, Binding.NONE))
                : entered;
    }

    /** Tells whether a captured context can replace another one with nothing else to do. */
    static boolean isPlain(Frame shown, Frame captured) {
        return !captured.has(Key.HANDS_OFF) && !captured.has(Key.CARRIES) && !captured.has(Key.MIRRORED)
                && !shown.has(Key.MIRRORED);
    }

    /** Returns the values that this thread shows in mirrors; none of those that it inherited. */
    static Frame shown(@Nullable Scope around) {
        return around == null || !around.isOwned() ? Frame.EMPTY : around.frame;
    }

    private static @Nullable Object captured(Key key, @Nullable Object value) {
        if (value instanceof Deferred) {
            return value;
        }
        return key.handOff == StandardHandOff.DROP ? Binding.ABSENT : key.handOff().capture(value);
    }
}
