package dev.scopedcontext.local;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The managed scopes that a task was handed over from, innermost first. The first entry of a manager counts.
 *
 * <p>Work that hands itself on from one scope to the next adds an entry each time. An entry therefore refers neither to
 * its scope nor, except weakly, to its manager. Entries that are hidden by others are removed, and so are those whose
 * manager is gone, since nothing can ask for them. This happens whenever the number of entries has doubled.
 *
 * @param manager the manager of the scope
 * @param id tells the scope from others
 * @param outer the scopes around
 * @param size how many entries there are
 * @param limit how many entries there may be before some are left out
 */
record ScopesOfTask(WeakReference<LocalManager> manager, String id, @Nullable ScopesOfTask outer, int size, int limit) {

    private static final int SMALL = 8;

    /** Returns these scopes and one more, inside of them. */
    static ScopesOfTask add(@Nullable ScopesOfTask scopes, LocalScope inner) {
        ScopesOfTask outer = scopes == null || scopes.size < scopes.limit ? scopes : scopes.pruned();
        return add(outer, inner.manager.reference, inner.id, outer == null ? SMALL : outer.limit);
    }

    private static ScopesOfTask add(@Nullable ScopesOfTask outer, WeakReference<LocalManager> manager, String id,
            int limit) {
        return new ScopesOfTask(manager, id, outer, outer == null ? 1 : outer.size + 1, limit);
    }

    private @Nullable ScopesOfTask pruned() {
        Deque<ScopesOfTask> remaining = new ArrayDeque<>();
        Set<WeakReference<LocalManager>> managers = new HashSet<>();
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
    static @Nullable String id(@Nullable ScopesOfTask scopes, LocalManager manager) {
        for (ScopesOfTask scope = scopes; scope != null; scope = scope.outer) {
            if (scope.manager == manager.reference) {
                return scope.id;
            }
        }
        return null;
    }
}
