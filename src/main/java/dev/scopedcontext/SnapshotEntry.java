package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * The steps of entering a captured context that has just replaced another one: hide values in mirrors, install the
 * state of carriers, open hand-offs, show values in mirrors. In this order, mirrors neither hide the installed state
 * nor are hidden by it.
 *
 * <p>A step that fails ends the entry. An entry for work that nobody could be told about goes on instead: a refused
 * value throws when it is read, and other failures are thrown when the scope ends.
 *
 * <p>The reasons are in {@code docs/decisions/0007-carriers-and-mirrors.md}.
 */
final class SnapshotEntry extends ScopeEntry {

    /** The values that the thread shows in mirrors. */
    private final Frame shown;
    private final Frame captured;
    private final Scope scope;

    /** Whether to go on after a failure, and the first one that was passed over. */
    private final boolean anyway;
    private @Nullable Throwable passedOver;

    SnapshotEntry(Frame shown, Frame captured, Scope scope, boolean anyway) {
        this.shown = shown;
        this.captured = captured;
        this.scope = scope;
        this.anyway = anyway;
    }

    @Override
    void enter() {
        TaskValues values = captured.has(Key.HANDS_OFF) ? TaskValues.of(captured, scope) : null;
        if (values != null && !anyway) {
            values.ensureAdmitted();
        }
        if (shown.has(Key.MIRRORED)) {
            step(() -> Mirrors.hideUnbound(shown, captured, scope));
        }
        if (captured.has(Key.CARRIES)) {
            Carriers.install(captured, scope, this::step);
        }
        if (values != null) {
            values.open(anyway);
        }
        if (captured.has(Key.MIRRORED)) {
            for (Binding binding : captured) {
                Key key = binding.key;
                if (key != null && key.has(Key.MIRRORED) && !isRefused(key, binding.value, values)) {
                    step(() -> Mirrors.show(key, scope.frame.lookup(key), scope));
                }
            }
        }
    }

    @Override
    void settle(@Nullable Throwable failure) {
        Failures.throwIfAny(passedOver);
    }

    private static boolean isRefused(Key key, @Nullable Object captured, @Nullable TaskValues values) {
        return captured instanceof Deferred || (values != null && values.isRefused(key));
    }

    private void step(Runnable step) {
        if (!anyway) {
            step.run();
            return;
        }
        try {
            step.run();
        } catch (Throwable failure) {
            passedOver = Failures.add(passedOver, failure);
        }
    }
}
