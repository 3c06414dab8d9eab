package dev.scopedcontext.task;

import dev.scopedcontext.internal.StrictMode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The owner and the stage of a task scope: the guards that check both, and the description of the scope in messages.
 */
final class Ownership {

    /** In {@code JOINING}, the owner waits for the subtasks, or was interrupted while it waited. */
    enum Stage {
        NEW, FORKED, JOINING, JOINED, CLOSED
    }

    /** How often to check whether a thread that the user created has ended without running its subtask. */
    private static final long LIVENESS_CHECK = TimeUnit.MILLISECONDS.toNanos(20);

    private final @Nullable String name;
    private final long ownerId = Thread.currentThread().getId();
    private final @Nullable Throwable place = StrictMode.place("opened here");

    // Written by the owner when the scope is closed, read by any thread.
    private @Nullable Thread owner = Thread.currentThread();
    private @Nullable String ownerName;

    // Written by the owner, read by any thread.
    private volatile Stage stage = Stage.NEW;

    /** Makes the calling thread the owner of a scope. */
    Ownership(@Nullable String name) {
        this.name = name;
    }

    Stage stage() {
        return stage;
    }

    void setStage(Stage stage) {
        this.stage = stage;
    }

    /** Returns true if the owner is waiting for the subtasks, or has stopped waiting. */
    boolean isJoining() {
        return stage.compareTo(Stage.JOINING) >= 0;
    }

    boolean isJoined() {
        return stage.compareTo(Stage.JOINED) >= 0;
    }

    boolean isClosed() {
        return stage == Stage.CLOSED;
    }

    void ensureOwner(String operation) {
        Thread owner = this.owner;
        Thread current = Thread.currentThread();
        if (owner != null ? owner != current : ownerId != current.getId()) {
            throw violation(operation + "() was called on " + this + " by " + current + ": only the thread that opened"
                    + " it may. Nothing was changed. To split a subtask further, open a task scope in it");
        }
    }

    void ensureForking() {
        if (stage.compareTo(Stage.FORKED) > 0) {
            throw tooLate("fork");
        }
    }

    void ensureNotJoined() {
        if (isJoined()) {
            throw tooLate("join");
        }
    }

    private IllegalStateException tooLate(String operation) {
        return new IllegalStateException(operation + "() was called on " + this + ", "
                + (isClosed() ? "which is closed" : "after join()") + ". Open another task scope for more subtasks");
    }

    /** Returns an exception that shows the place where the scope was opened, in strict mode. */
    StructureViolationException violation(String message) {
        return new StructureViolationException(message, place);
    }

    /** Parks the owner. If threads may end without running their subtasks, it wakes up again to check that. */
    void park(boolean threadsMayDie) throws InterruptedException {
        if (threadsMayDie) {
            LockSupport.parkNanos(this, LIVENESS_CHECK);
        } else {
            LockSupport.park(this);
        }
        ensureNotInterrupted();
    }

    void ensureNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("Interrupted while waiting for the subtasks of " + this);
        }
    }

    void wakeOwner() {
        LockSupport.unpark(owner);
    }

    /** Drops the thread, since a virtual thread retains its task. Returns false if it was dropped before. */
    boolean release() {
        Thread owner = this.owner;
        if (owner == null) {
            return false;
        }
        ownerName = owner.getName();
        this.owner = null;
        return true;
    }

    /** Returns the description of the thread that opened the scope. */
    String describeOwner() {
        Thread owner = this.owner;
        return owner != null ? owner.toString() : "Thread[#" + ownerId + "," + ownerName + "]";
    }

    /** Returns the description of the scope: its name, and the thread that opened it. */
    @Override
    public String toString() {
        return "TaskScope[" + (name == null ? "unnamed" : name) + ", opened by " + describeOwner() + "]";
    }
}
