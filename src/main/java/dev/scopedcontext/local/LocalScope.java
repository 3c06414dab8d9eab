package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A managed scope, in which pieces of work run one after the other, each on any thread.
 *
 * <p>A piece that runs inside another one on the same thread is part of it. Closing does not wait for a piece on
 * another thread, which keeps the values until it ends. Pieces that wait for it are refused.
 */
final class LocalScope implements OpenScope {

    private static final AtomicLong OPENED = new AtomicLong();

    final ManagedLocals manager;

    /** Distinguishes this scope from others, in a {@link LocalManager#contextId()}. */
    final String id = "scope-" + OPENED.incrementAndGet();

    /** The position inside of the function that this scope was opened for, or null if there is no function. */
    final @Nullable FunctionPosition inside;

    /** The locals that the manager had when this scope was opened. */
    private final List<ContextLocal> locals;

    /** The tables of the locals. They belong to the thread that holds the lock. */
    private final List<ValueTable> tables;

    private final ScopeLock lock = new ScopeLock();

    LocalScope(ManagedLocals manager, @Nullable FunctionPosition inside) {
        this.manager = manager;
        this.inside = inside;
        this.locals = manager.now();
        this.tables = locals.stream().map(local -> new ValueTable(null, ValueTable.EMPTY)).toList();
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        boolean outermost = lock.take(); // nothing may stand between this and the try: the stack may overflow
        try {
            return enter().<R, X>call(op);
        } finally {
            if (outermost) {
                try {
                    leave();
                } finally {
                    lock.owner = null;
                    afterRelease();
                }
            }
        }
    }

    /**
     * Runs an operation, unless another thread runs in this scope and {@code waits} is false. Returns whether it ran.
     */
    boolean run(Runnable op, boolean waits) {
        boolean outermost = waits ? lock.take() : lock.takeIfFree(); // as in call()
        try {
            boolean entered = lock.isHeldByCurrentThread();
            if (entered) {
                enter().run(op);
            }
            return entered;
        } finally {
            if (outermost) {
                try {
                    leave();
                } finally {
                    lock.owner = null;
                    afterRelease();
                }
            }
        }
    }

    /** Gives the tables to the calling thread, and returns the bindings to run with. */
    private Bindings enter() {
        ensureOpen();
        passTablesTo(Thread.currentThread());
        return bindings();
    }

    private void ensureOpen() {
        if (lock.closed) {
            throw new IllegalStateException("The scope of " + manager + " is closed: no code can run in it any more,"
                    + " and read its stream, if any, before closing the stream");
        }
    }

    private void leave() {
        if (lock.closed) {
            clear(); // values that this piece set after the scope was closed
        }
        passTablesTo(null);
    }

    private void afterRelease() {
        try {
            lock.wakeNext();
            if (lock.closed) {
                clearUnlessBusy(); // it may have been closed between leave() and the release of the lock
            }
        } finally {
            manager.clearAllBut(locals);
        }
    }

    private void passTablesTo(@Nullable Thread thread) {
        for (ValueTable table : tables) {
            table.passTo(thread);
        }
    }

    /** Ends the scope and removes all values. No hook uses the failure. */
    @Override
    public void close(@Nullable Throwable failure) {
        lock.closed = true;
        if (lock.isHeldByCurrentThread()) {
            clear();
        } else {
            clearUnlessBusy();
        }
    }

    /** Removes all values of a closed scope. A thread that runs in the scope does this itself when it leaves. */
    private void clearUnlessBusy() {
        if (lock.takeIfFree()) {
            try {
                clear();
            } finally {
                lock.owner = null;
                lock.wakeNext();
            }
        }
    }

    private void clear() {
        tables.forEach(ValueTable::clear);
    }

    /** Returns whether the calling thread runs in this scope. */
    boolean isEntered() {
        return lock.isHeldByCurrentThread();
    }

    /** Returns the bindings of this scope for the calling thread. */
    private Bindings bindings() {
        Bindings bindings = ScopedContext.where(ManagedScopes.KEY, new ManagedScopes(this));
        for (int i = 0; i < tables.size(); i++) {
            bindings = bindings.where(key(i), tables.get(i));
        }
        return bindings;
    }

    /** Returns bindings of copies of the current values, for a thread that cannot wait until another one leaves. */
    Bindings copies() {
        ensureOpen();
        Bindings bindings = ScopedContext.where(ManagedScopes.KEY, new ManagedScopes(this));
        for (int i = 0; i < tables.size(); i++) {
            ValueTable copy = new ValueTable(Thread.currentThread(), tables.get(i).copy());
            bindings = bindings.where(key(i), copy);
        }
        return bindings;
    }

    /** Returns bindings of those tables of this scope that are in effect and not hidden by an inner scope. */
    Bindings bindingsInForce() {
        Bindings bindings = ScopedContext.without();
        for (int i = 0; i < tables.size(); i++) {
            if (key(i).orElse(null) == tables.get(i)) {
                bindings = bindings.where(key(i), tables.get(i));
            }
        }
        return bindings;
    }

    /**
     * Captures the context of this scope, which is later entered together with the scope. Values of the scope that have
     * a hand-off are left out, since the hand-off would open them although the scope hides them. For the same reason,
     * the hand-offs of values of outer scopes are not applied on a thread that runs in those scopes.
     *
     * @param around the outer scopes that the calling thread entered
     */
    ContextSnapshot captureWith(List<LocalScope> around) {
        ContextKey<?>[] handedOff = locals.stream().map(local -> local.tables).filter(own -> own.handOff.hasVars())
                .map(own -> own.key).toArray(ContextKey<?>[]::new);
        ContextSnapshot captured = handedOff.length == 0
                ? ScopedContext.capture()
                : ScopedContext.without(handedOff).call(ScopedContext::capture);
        skipHandOffs(captured, table -> true); // of variables that were declared meanwhile
        around.forEach(outer -> outer.skipHandOffs(captured, ValueTable::isOwned));
        return captured;
    }

    /** Skips the hand-offs of captured values on each thread on which the table that they come from hides them. */
    private void skipHandOffs(ContextSnapshot captured, Predicate<ValueTable> isHiding) {
        for (int i = 0; i < tables.size(); i++) {
            ValueTable table = tables.get(i);
            if (key(i).orElse(null) == table) {
                captured.find(key(i)).ifPresent(values -> TableHandOff.skipIf(() -> isHiding.test(table), values));
            }
        }
    }

    private ContextKey<ValueTable> key(int index) {
        return locals.get(index).tables.key;
    }

    @Override
    public String toString() {
        return "LocalScope of " + manager;
    }
}
