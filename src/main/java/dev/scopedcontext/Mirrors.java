package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Shows values in the mirrors of their keys, and registers actions that restore the previous state with the scope. */
final class Mirrors {

    private Mirrors() {
    }

    /** Shows the values that the frame of a scope adds, and hides those that it unbinds. */
    static final class Entry extends ScopeEntry {

        private final Scope scope;

        Entry(Scope scope) {
            this.scope = scope;
        }

        @Override
        void enter() {
            Frame frame = scope.frame;
            for (Binding binding : frame.added.newestOfEachKey()) {
                Key key = binding.key;
                if (key == null || !key.has(Key.MIRRORED)) {
                    continue;
                }
                Object value = frame.lookup(key);
                if (value != Binding.ABSENT) {
                    show(key, value, scope);
                } else if (frame.outer.binds(key)) {
                    hide(key, scope);
                }
            }
        }
    }

    /** Hides the values that the thread shows and that the new context does not bind. */
    static void hideUnbound(Frame shown, Frame captured, Scope scope) {
        for (Binding binding : shown) {
            Key key = binding.key;
            if (key != null && !captured.binds(key)) {
                hide(key, scope);
            }
        }
    }

    @SuppressWarnings("unchecked")
    static void show(Key key, @Nullable Object value, Scope scope) {
        for (KeyMirror<?> mirror : key.mirrors) {
            ExitAction.Undo undo = scope.pushUndo();
            undo.action = ((KeyMirror<@Nullable Object>) mirror).show(value);
            scope.raise(undo);
            requireNonNull(undo.action, () -> "show() of a mirror of " + key + " returned null");
        }
    }

    private static void hide(Key key, Scope scope) {
        for (KeyMirror<?> mirror : key.mirrors) {
            ExitAction.Undo undo = scope.pushUndo();
            undo.action = mirror.hide();
            scope.raise(undo);
            requireNonNull(undo.action, () -> "hide() of a mirror of " + key + " returned null");
        }
    }
}
