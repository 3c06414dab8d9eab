package dev.scopedcontext.local;

import static java.util.stream.Collectors.joining;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The locals of one {@link LocalManager}. They identify the manager to its scopes. */
final class ManagedLocals {

    /** Refers to these locals for contexts that must not keep them reachable. */
    final WeakReference<ManagedLocals> reference = new WeakReference<>(this);

    private final CopyOnWriteArrayList<ContextLocal> locals = new CopyOnWriteArrayList<>();

    void add(ContextLocal local) {
        locals.addIfAbsent(local);
    }

    /** Returns the current locals, in an immutable list. */
    List<ContextLocal> now() {
        return List.copyOf(locals);
    }

    void clear() {
        locals.forEach(ContextLocal::clear);
    }

    /** Removes the thread's own values of locals that were added after a scope with the given ones was opened. */
    void clearAllBut(List<ContextLocal> inScope) {
        for (ContextLocal local : locals) {
            if (!inScope.contains(local) && !local.tables.key.isBound()) {
                local.clear();
            }
        }
    }

    /** Returns the description of the manager: the number of its locals, and their names. */
    @Override
    public String toString() {
        List<ContextLocal> now = now();
        return "LocalManager[" + now.size() + (now.size() == 1 ? " local" : " locals")
                + now.stream().map(ContextLocal::name).collect(joining(", ", now.isEmpty() ? "" : ": ", "]"));
    }
}
