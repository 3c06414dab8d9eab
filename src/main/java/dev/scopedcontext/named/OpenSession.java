package dev.scopedcontext.named;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a session, an overlay or a task of one binds: the resources that were given to it, above those it opens. */
final class OpenSession {

    private static final @Nullable Object[] NONE = {};

    /** Instances that are used and never closed, by the index of their keys. */
    private final @Nullable Object[] given;
    private final Resources resources;

    private OpenSession(@Nullable Object[] given, Resources resources) {
        this.given = given;
        this.resources = resources;
    }

    static OpenSession of(Map<ResourceKey<?>, Object> given) {
        return new OpenSession(NONE, Resources.ofSession()).with(given);
    }

    /** Returns the same with more that is given, which wins. */
    OpenSession with(Map<ResourceKey<?>, Object> more) {
        if (more.isEmpty()) {
            return this;
        }
        int size = more.keySet().stream().mapToInt(key -> key.index + 1).max().orElse(0);
        @Nullable
        Object[] all = Arrays.copyOf(given, Math.max(given.length, size));
        more.forEach((key, instance) -> all[key.index] = instance);
        return new OpenSession(all, resources);
    }

    /** Returns what a new task of this session has, on the calling thread, and with others closes. */
    OpenSession ofTask(List<Runnable> toClose) {
        return new OpenSession(given, resources.ofTask(toClose));
    }

    /** Returns what is given here above what another one opens. */
    OpenSession above(OpenSession other) {
        return new OpenSession(given, other.resources);
    }

    /** Tells whether this is what the running task of another one's session has. */
    boolean isTaskOf(OpenSession other) {
        return resources.isOfSession(other.resources) && resources.isOwned();
    }

    boolean hasEnded() {
        return resources.hasEnded();
    }

    /** Returns an instance that needs not be opened. */
    @Nullable
    Object find(ResourceKey<?> key) {
        Object instance = key.index < given.length ? given[key.index] : null;
        return instance != null && !resources.hasSessionEnded() ? instance : resources.find(key);
    }

    boolean canBeUsed(ResourceKey<?> key) {
        return resources.canOpen() || find(key) != null;
    }

    Object open(ResourceKey<?> key) {
        return resources.open(key);
    }

    Resources resources() {
        return resources;
    }

    void close() {
        resources.close();
    }
}
