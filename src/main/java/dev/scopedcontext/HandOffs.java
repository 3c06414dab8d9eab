package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Hands context over: the one place where it is decided what happens on the way from one thread to another.
 * Whatever takes context along (wrapped tasks, executors, futures) does so by capturing there and calling
 * here.
 */
final class HandOffs {

    static final HandOff<Object> INHERIT = new HandOff<>() {
    };
    static final HandOff<Object> DROP = new HandOff<>() {
    };

    private HandOffs() {
    }

    static Frame capture() {
        Frame frame = Frame.current();
        Frame captured = frame.handsOff ? frame.map(HandOffs::capture) : frame;
        if (!frame.carries) {
            return captured;
        }
        return frame.handsOff && frame.mirrored ? captureUnshown(captured) : Carriers.capture(captured);
    }

    /** Has the mirrors of keys that are left behind hide them meanwhile: no carrier is to take them along. */
    private static Frame captureUnshown(Frame captured) {
        Frame shown = shown();
        Scope meanwhile = new Scope(captured);
        return meanwhile.call(() -> {
            Mirrors.hide(shown, meanwhile);
            return Carriers.capture(captured);
        });
    }

    static <R extends @Nullable Object, X extends Throwable> R call(Frame captured, CallableOp<? extends R, X> op)
            throws X {
        Frame before = shown();
        Scope scope = new Scope(captured);
        return scope.enter(isAsItIs(before, captured) ? op : () -> {
            enter(before, scope);
            return op.call();
        });
    }

    /** Calls an operation in a captured context even if a hand-off refuses its value. */
    static <R extends @Nullable Object, X extends Throwable> R callAnyway(Frame captured,
            CallableOp<? extends R, X> op) throws X {
        return HandOffs.<R, X>call(captured, op);
    }

    /** Tells whether a captured context can be put in place of another one with nothing else to do. */
    static boolean isAsItIs(Frame before, Frame captured) {
        return !captured.handsOff && !captured.carries && !captured.mirrored && !before.mirrored;
    }

    /**
     * Does what has to be done for a captured context that has just been put in place of another one. Mirrors
     * hide first and show last, so that what a carrier installs is neither hidden by the former nor hides the
     * latter.
     */
    static void enter(Frame before, Scope scope) {
        Mirrors.hide(before, scope);
        if (scope.frame.carries) {
            Carriers.install(scope);
        }
        if (scope.frame.handsOff) {
            scope.frame = scope.frame.map((key, value) -> open(key, value, scope));
        }
        Mirrors.show(scope);
    }

    /** Returns what this thread has shown in mirrors; of a scope that it inherited, nothing. */
    private static Frame shown() {
        Scope scope = Scope.current();
        return scope == null || !scope.isOwned() ? Frame.EMPTY : scope.frame;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object capture(ContextKey<?> key, @Nullable Object value) {
        if (key.handOff == HandOff.drop()) {
            return Frame.ABSENT;
        }
        return ((ContextKey<@Nullable Object>) key).handOff.capture(value);
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object open(ContextKey<?> key, @Nullable Object value, Scope scope) {
        if (!key.handsOff) {
            return value;
        }
        HandOff<@Nullable Object> handOff = ((ContextKey<@Nullable Object>) key).handOff;
        Object opened = handOff.open(value);
        scope.onExit(() -> handOff.close(opened));
        return opened;
    }
}
