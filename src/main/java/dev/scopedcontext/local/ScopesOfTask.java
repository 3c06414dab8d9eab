package dev.scopedcontext.local;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The managed scopes from which a task was handed over, innermost first. Only the first entry of each manager counts.
 *
 * <p>Each task of a chain that starts the next task in a new scope adds an entry. An entry therefore does not refer to
 * its scope, and refers only weakly to its manager. Whenever the number of entries has doubled, hidden entries are
 * removed, and so are entries whose manager has been collected.
 *
 * @param manager the manager of the scope; there is one reference for each manager
 * @param id distinguishes the scope from others
 * @param outer the outer scopes
 * @param size the number of entries
 * @param limit the number of entries at which entries are removed
 */
record ScopesOfTask(WeakReference<?> manager, String id, @Nullable ScopesOfTask outer, int size, int limit) {

    private static final int SMALL = 8;

    /** Returns the given scopes with another scope inside them. */
    static ScopesOfTask add(@Nullable ScopesOfTask scopes, WeakReference<?> manager, String id) {
        ScopesOfTask outer = scopes == null || scopes.size < scopes.limit ? scopes : scopes.pruned();
        return add(outer, manager, id, outer == null ? SMALL : outer.limit);
    }

    private static ScopesOfTask add(@Nullable ScopesOfTask outer, WeakReference<?> manager, String id, int limit) {
        return new ScopesOfTask(manager, id, outer, outer == null ? 1 : outer.size + 1, limit);
    }

    private @Nullable ScopesOfTask pruned() {
        Deque<ScopesOfTask> remaining = new ArrayDeque<>();
        Set<WeakReference<?>> managers = new HashSet<>();
        for (ScopesOfTask scope = this; scope != null; scope = scope.outer) {
            if (!scope.manager.refersTo(null) && managers.add(scope.manager)) {
                remaining.push(scope);
            }
        }
        int limit = Math.max(SMALL, 2 * remaining.size());
        ScopesOfTask pruned = null;
        for (ScopesOfTask scope : remaining) {
            pruned = add(pruned, scope.manager, scope.id, limit);
        }
        return pruned;
    }

    /** Returns the id of the innermost scope of a manager, or null if there is none. */
    static @Nullable String id(@Nullable ScopesOfTask scopes, WeakReference<?> manager) {
        for (ScopesOfTask scope = scopes; scope != null; scope = scope.outer) {
            if (scope.manager == manager) {
                return scope.id;
            }
        }
        return null;
    }
}
