package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Hands context over: the one place where it is decided what happens on the way from one thread to another.
 * Whatever takes context along (wrapped tasks, executors, futures) does so by capturing there and calling
 * here.
 */
final class HandOver {

    static final HandOff<Object> INHERIT = new HandOff<>() {
    };
    static final HandOff<Object> DROP = new HandOff<>() {
    };

    private HandOver() {
    }

    static Frame capture() {
        Frame frame = Frame.current().settled();
        Frame captured = frame.handsOff ? frame.map(HandOver::capture) : frame;
        if (!frame.carries) {
            return captured;
        }
        return frame.handsOff && frame.mirrored ? captureUnshown(captured) : Carriers.capture(captured);
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
        Frame captured = ThreadWorkKey.keep(context);
        Scope scope = new Scope(captured);
        return scope.enter(isAsItIs(shown, captured) ? op : () -> {
            new Entry(shown, captured, scope).run();
            return op.call();
        });
    }

    /** Calls an operation in a captured context even if that refuses to be entered. */
    static <R extends @Nullable Object, X extends Throwable> R callAnyway(Frame context,
            CallableOp<? extends R, X> op) throws X {
        Frame shown = shown();
        Frame captured = ThreadWorkKey.keep(context);
        Scope scope = new Scope(captured);
        return scope.enter(isAsItIs(shown, captured) ? op : () -> {
            Entry.runAnyway(shown, captured, scope);
            return op.call();
        });
    }

    /** Tells whether a captured context can replace another one with nothing else to do. */
    static boolean isAsItIs(Frame shown, Frame captured) {
        return !captured.handsOff && !captured.carries && !captured.mirrored && !shown.mirrored;
    }

    /** Returns the values that this thread shows in mirrors; none of those that it inherited. */
    private static Frame shown() {
        Scope scope = Scope.current();
        return scope == null || !scope.isOwned() ? Frame.EMPTY : scope.frame;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object capture(ContextKey<?> key, @Nullable Object value) {
        if (value instanceof Deferred) {
            return value;
        }
        if (key.handOff == HandOff.drop()) {
            return Frame.ABSENT;
        }
        return ((ContextKey<@Nullable Object>) key).handOff.capture(value);
    }
}
