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
    private final boolean overlay;

    private OpenSession(@Nullable Object[] given, Resources resources, boolean overlay) {
        this.given = given;
        this.resources = resources;
        this.overlay = overlay;
    }

    static OpenSession of(Map<ResourceKey<?>, Object> given) {
        return new OpenSession(with(NONE, given), Resources.ofSession(), false);
    }

    /** Returns an overlay of this with more that is given, which wins. */
    OpenSession overlay(Map<ResourceKey<?>, Object> more) {
        return new OpenSession(with(given, more), resources, true);
    }

    private static @Nullable Object[] with(@Nullable Object[] given, Map<ResourceKey<?>, Object> more) {
        if (more.isEmpty()) {
            return given;
        }
        int size = more.keySet().stream().mapToInt(key -> key.index + 1).max().orElse(0);
        @Nullable
        Object[] all = Arrays.copyOf(given, Math.max(given.length, size));
        more.forEach((key, instance) -> all[key.index] = instance);
        return all;
    }

    /** Returns what a new task of this session has, on the calling thread, and with others closes. */
    OpenSession ofTask(List<Runnable> toClose) {
        return new OpenSession(given, resources.ofTask(toClose), overlay);
    }

    /** Returns what is given here above what another one opens. */
    OpenSession above(OpenSession other) {
        return new OpenSession(given, other.resources, overlay);
    }

    /** Tells whether this is what the running task of another one's session has. */
    boolean isTaskOf(OpenSession other) {
        return resources.isOfSession(other.resources) && resources.isOwned();
    }

    /** Tells whether the calling thread has opened this. */
    boolean isOwned() {
        return resources.isOwned();
    }

    /** Gives the calling thread, which ends the session, what is per task. */
    void takeOver() {
        resources.takeOver();
    }

    boolean isOverlay() {
        return overlay;
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
        boolean canOpen = resources.canOpen() && !(key.isPerTask() && resources.isTakenAway());
        return canOpen || find(key) != null;
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
