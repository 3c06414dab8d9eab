package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * The value of a key with a hand-off for one task. It is opened once: by the entry of the task, or earlier if the
 * hand-off of another key reads it. It is closed at the end of the task, in reverse order of opening.
 */
final class TaskValue extends ExitAction implements Deferred {

    /** The state of the value. While it is being opened, its hand-off reads the captured value. */
    private enum State {
        CAPTURED, OPENING, OPENED, REFUSED
    }

    final Key key;
    final @Nullable Object captured;

    private final HandOff<@Nullable Object> handOff;
    private final Scope scope;

    /** Written by the owner of the scope. */
    private State state = State.CAPTURED;
    private @Nullable Object value;
    private @Nullable Throwable refusal;

    TaskValue(Key key, @Nullable Object captured, Scope scope) {
        super(null);
        this.key = key;
        this.captured = captured;
        this.handOff = key.handOff();
        this.scope = scope;
        this.value = captured;
    }

    /** Throws if the hand-off refuses the task. */
    void ensureAdmitted() {
        handOff.admit(captured);
    }

    /** Returns the value, and opens it first if necessary. Threads that inherit the scope do not open it. */
    @Override
    public @Nullable Object value() {
        open();
        Failures.throwIfAny(refusal);
        return value;
    }

    /** Opens the value unless it is already opened or refused. Returns whether it can be read. */
    boolean open() {
        if (state == State.CAPTURED && scope.isOwned()) {
            open(handOff);
        }
        return state != State.REFUSED;
    }

    private void open(HandOff<@Nullable Object> handOff) {
        state = State.OPENING;
        try {
            value = handOff.open(captured);
        } catch (Throwable failure) {
            refusal = failure;
            state = State.REFUSED;
            return;
        }
        state = State.OPENED; // by stores, since the stack may overflow here
        next = scope.pending;
        scope.pending = this;
    }

    @Override
    void settle(@Nullable Throwable failure) {
        handOff.close(value);
    }
}
