package dev.scopedcontext.named;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The running state of a session, an overlay, or a task in one: the instances that were given, and the resources that
 * were opened. The context binds it.
 */
final class LiveSession {

    private static final @Nullable Object[] NONE = {};

    /** Instances that are used but not closed, by the index of their resource. */
    private final @Nullable Object[] given;
    private final SessionResources resources;
    private final boolean overlay;

    private LiveSession(@Nullable Object[] given, SessionResources resources, boolean overlay) {
        this.given = given;
        this.resources = resources;
        this.overlay = overlay;
    }

    static LiveSession of(Map<ResourceDefinition, Object> given) {
        return new LiveSession(with(NONE, given), SessionResources.ofSession(), false);
    }

    /** Returns an overlay of this with more given instances, which take precedence. */
    LiveSession overlay(Map<ResourceDefinition, Object> more) {
        return new LiveSession(with(given, more), resources, true);
    }

    private static @Nullable Object[] with(@Nullable Object[] given, Map<ResourceDefinition, Object> more) {
        if (more.isEmpty()) {
            return given;
        }
        int size = more.keySet().stream().mapToInt(resource -> resource.index + 1).max().orElse(0);
        @Nullable
        Object[] all = Arrays.copyOf(given, Math.max(given.length, size));
        more.forEach((resource, instance) -> all[resource.index] = instance);
        return all;
    }

    /** Returns the state of a new task in this session on the calling thread, which adds its closing actions. */
    LiveSession ofTask(List<Runnable> toClose) {
        return new LiveSession(given, resources.ofTask(toClose), overlay);
    }

    /** Returns a state with the given instances of this one and the resources of another one. */
    LiveSession above(LiveSession other) {
        return new LiveSession(given, other.resources, overlay);
    }

    /** Returns whether this is the state of the running task in the session of another one. */
    boolean isTaskOf(LiveSession other) {
        return resources.isOfSession(other.resources) && resources.isOwned();
    }

    /** Returns whether the calling thread owns the resources that are per task. */
    boolean isOwned() {
        return resources.isOwned();
    }

    /** Transfers the instances that are per task to the calling thread, which ends the session. */
    void takeOver() {
        resources.takeOver();
    }

    boolean isOverlay() {
        return overlay;
    }

    boolean hasEnded() {
        return resources.hasEnded();
    }

    /** Returns an instance that need not be opened, or null. */
    @Nullable
    Object find(ResourceDefinition resource) {
        Object instance = resource.index < given.length ? given[resource.index] : null;
        return instance != null && !resources.hasSessionEnded() ? instance : resources.find(resource);
    }

    boolean canBeUsed(ResourceDefinition resource) {
        boolean canOpen = resources.canOpen() && !(resource.isPerTask() && resources.isTakenAway());
        return canOpen || find(resource) != null;
    }

    Object open(ResourceDefinition resource) {
        return resources.open(resource);
    }

    SessionResources resources() {
        return resources;
    }

    void close() {
        resources.close();
    }
}
