package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * The steps that enter a captured context after it has replaced another one: hide values in mirrors, install the state
 * of carriers, open hand-offs, and show values in mirrors. In this order, mirrors do not hide the installed state and
 * are not hidden by it.
 *
 * <p>If a step fails, the entry fails. An entry of work whose caller could not be notified continues instead: a refused
 * value throws when it is read, and other failures are thrown when the scope ends.
 *
 * <p>The reasons are in {@code docs/decisions/0007-carriers-and-mirrors.md}.
 */
final class SnapshotEntry extends ScopeEntry {

    /** The values that the thread shows in mirrors. */
    private final Frame shown;
    private final Frame captured;
    private final Scope scope;

    /** Whether to continue after a failure, and the first failure after which the entry has continued. */
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
                if (key != null && key.has(Key.MIRRORED) && !captured.defers(binding)
                        && (values == null || !values.isRefused(key))) {
                    step(() -> Mirrors.show(key, scope.frame.lookup(key), scope));
                }
            }
        }
    }

    @Override
    void settle(@Nullable Throwable failure) {
        Failures.throwIfAny(passedOver);
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
