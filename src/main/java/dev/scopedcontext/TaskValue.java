package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * The value that one task gets of a key with a hand-off. It is opened once, by the entry of the task or by the
 * hand-off of another key that reads it before, and closed at the end of the task, in reverse order of opening.
 */
final class TaskValue extends ExitAction implements Deferred {

    /** How far the value has come. While it is being opened, its hand-off reads the captured one. */
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

    /** Returns the value, which is opened now if that is still to be done. A thread that inherits only reads. */
    @Override
    public @Nullable Object value() {
        open();
        Failures.throwIfAny(refusal);
        return value;
    }

    /** Opens the value unless that is done or refused already, and tells whether it is there. */
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
