package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Hands context over: the one place where it is decided what happens on the way from one thread to another.
 * Whatever takes context along (wrapped tasks, executors, futures) does so by capturing there and calling
 * here.
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
        Frame shown = shown();
        Scope meanwhile = new Scope(captured);
        return meanwhile.call(() -> {
            Mirrors.hideUnbound(shown, captured, meanwhile);
            return Carriers.capture(captured);
        });
    }

    static <R extends @Nullable Object, X extends Throwable> R call(Frame context, CallableOp<? extends R, X> op)
            throws X {
        Frame shown = shown();
        Frame captured = entered(context);
        Scope scope = new Scope(captured);
        return Current.call(scope, isPlain(shown, captured) ? op : () -> {
            new SnapshotEntry(shown, captured, scope).run();
            return op.call();
        });
    }

    /** Calls an operation in a captured context even if that refuses to be entered. */
    static <R extends @Nullable Object, X extends Throwable> R callAnyway(Frame context,
            CallableOp<? extends R, X> op) throws X {
        Frame shown = shown();
        Frame captured = entered(context);
        Scope scope = new Scope(captured);
        return Current.call(scope, isPlain(shown, captured) ? op : () -> {
            SnapshotEntry.runAnyway(shown, captured, scope);
            return op.call();
        });
    }

    /** Returns a captured context as the calling thread enters it: with its own work, and in no piece of a scope. */
    static Frame entered(Frame captured) {
        Frame entered = ThreadWorkKey.keep(captured);
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
    private static Frame shown() {
        Scope scope = Current.scope();
        return scope == null || !scope.isOwned() ? Frame.EMPTY : scope.frame;
    }

    private static @Nullable Object captured(Key key, @Nullable Object value) {
        if (value instanceof Deferred) {
            return value;
        }
        return key.handOff == StandardHandOff.DROP ? Binding.ABSENT : key.handOff().capture(value);
    }
}
