package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Shows values in the mirrors of their keys, and has the scope that is being entered put back what was there. */
final class Mirrors {

    private Mirrors() {
    }

    /** Shows the values that bindings add to what is shown already, and hides those of which they unbind the keys. */
    static void show(Bindings added, Frame before, Scope scope) {
        for (Bindings b = added; b.key != null; b = b.outer) {
            if (added.innermost(b.key) == b) {
                change(b.key, before, scope);
            }
        }
    }

    private static void change(ContextKey<?> key, Frame before, Scope scope) {
        Object value = scope.frame.lookup(key);
        if (value != Frame.ABSENT) {
            show(key, value, scope);
        } else if (before.lookup(key) != Frame.ABSENT) {
            hide(key, scope);
        }
    }

    /** Hides the values that the thread had before and that are not bound in the scope. */
    static void hide(Frame before, Scope scope) {
        if (before.mirrored) {
            before.forEach((key, value) -> {
                if (scope.frame.lookup(key) == Frame.ABSENT) {
                    hide(key, scope);
                }
            });
        }
    }

    /** Shows all values of the scope. */
    static void show(Scope scope) {
        if (scope.frame.mirrored) {
            scope.frame.forEach((key, value) -> show(key, value, scope));
        }
    }

    @SuppressWarnings("unchecked")
    private static void show(ContextKey<?> key, @Nullable Object value, Scope scope) {
        for (KeyMirror<?> mirror : key.mirrors) {
            Runnable restore = ((KeyMirror<@Nullable Object>) mirror).show(value);
            scope.onExit(requireNonNull(restore, () -> "show() of a mirror of " + key + " returned null"));
        }
    }

    private static void hide(ContextKey<?> key, Scope scope) {
        for (KeyMirror<?> mirror : key.mirrors) {
            Runnable restore = mirror.hide();
            scope.onExit(requireNonNull(restore, () -> "hide() of a mirror of " + key + " returned null"));
        }
    }
}
