package dev.scopedcontext.local;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A managed scope that several pieces of work run in, one after the other and each on any thread: opened by
 * {@link LocalManager#open}, closed when there is nothing more to run. What one piece sets the next one finds.
 *
 * {@snippet class="dev.scopedcontext.local.LocalExamplesTest" region="scope"}
 *
 * <p><b>Other threads.</b> Pieces that come at the same time wait for each other, so a piece must not wait for work
 * that runs in the same scope on another thread: hand the context over to that instead. A piece sees what else is bound
 * where it is run, not where the scope was opened. One that is run inside another on the same thread is the same
 * scope.
 *
 * <p>Safe to use by any number of threads. A <b>null</b> argument is a {@code NullPointerException} that names it.
 */
public final class LocalScope implements OpenScope {

    private static final AtomicLong OPENED = new AtomicLong();

    final LocalManager manager;

    /** Tells this scope from others, in a {@link LocalManager#contextId()}. */
    final String id = "scope-" + OPENED.incrementAndGet();

    /** The place inside of the function that this scope was opened for; null if it was opened for anything else. */
    final @Nullable Place inside;

    private final List<ContextLocal> locals;

    /** The cells of the locals, which belong to the thread that holds the lock. */
    private final List<Cell> cells;

    private final PieceLock lock = new PieceLock();

    LocalScope(LocalManager manager, List<ContextLocal> locals, @Nullable Place inside) {
        this.manager = manager;
        this.inside = inside;
        this.locals = locals;
        this.cells = locals.stream().map(local -> new Cell(null, Cell.EMPTY)).toList();
    }

    /**
     * Runs an operation in this scope.
     *
     * @param op the operation; what it throws is thrown on unchanged
     * @throws IllegalStateException if the scope is closed
     */
    @Override
    public void run(Runnable op) {
        requireNonNull(op, "op");
        this.<@Nullable Void, RuntimeException>call(() -> {
            op.run();
            return null;
        });
    }

    /**
     * Calls an operation in this scope.
     *
     * @param op the operation
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation does; it is thrown on unchanged
     * @throws IllegalStateException if the scope is closed
     */
    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        boolean outermost = lock.take(); // and nothing between this and the try, which may overflow the stack
        try {
            return this.<R, X>callInside(op);
        } finally {
            if (outermost) {
                try {
                    leave();
                } finally {
                    lock.owner = null;
                    goOn();
                }
            }
        }
    }

    /** Runs an operation in this scope unless another thread runs in it, and returns whether it did. */
    boolean runUnlessBusy(Runnable op) {
        boolean outermost = lock.takeIfFree(); // as in call()
        try {
            return lock.isHeldByCurrentThread() && this.<Boolean, RuntimeException>callInside(() -> {
                op.run();
                return true;
            });
        } finally {
            if (outermost) {
                try {
                    leave();
                } finally {
                    lock.owner = null;
                    goOn();
                }
            }
        }
    }

    private <R extends @Nullable Object, X extends Throwable> R callInside(CallableOp<? extends R, X> op) throws X {
        ensureOpen();
        passTo(Thread.currentThread());
        return bindings().call(op);
    }

    private void ensureOpen() {
        if (lock.closed) {
            throw new IllegalStateException("The scope of " + manager + " is closed: run nothing in it afterwards,"
                    + " and read from a stream that it belongs to before closing that");
        }
    }

    private void leave() {
        if (lock.closed) {
            cells.forEach(Cell::clear); // what was set inside after it was closed there
        }
        passTo(null);
    }

    /** Does what remains to be done when the lock is released. */
    private void goOn() {
        try {
            lock.wakeNext();
            if (lock.closed) {
                clearUnlessBusy(); // it may have been closed after this thread looked and before it released the lock
            }
        } finally {
            manager.cleanUpAllBut(locals);
        }
    }

    private void passTo(@Nullable Thread thread) {
        for (Cell cell : cells) {
            cell.pass(thread);
        }
    }

    /**
     * Ends the scope and removes all its values. Does not wait for a piece that another thread runs: that keeps the
     * values until it ends. Pieces that wait for it are refused. Closing twice is fine, and so is closing on another
     * thread.
     */
    @Override
    public void close() {
        close(null);
    }

    /**
     * Ends the scope, as {@link #close()} does; there are no hooks that would want to know why.
     *
     * @param failure any failure, or null
     */
    @Override
    public void close(@Nullable Throwable failure) {
        lock.closed = true;
        if (lock.isHeldByCurrentThread()) {
            cells.forEach(Cell::clear);
        } else {
            clearUnlessBusy();
        }
    }

    /** Removes all values, after this was closed. A thread that runs in the scope does so itself when it leaves. */
    private void clearUnlessBusy() {
        if (lock.takeIfFree()) {
            try {
                cells.forEach(Cell::clear);
            } finally {
                lock.owner = null;
                lock.wakeNext();
            }
        }
    }

    /** Tells whether the calling thread runs something in this scope now. */
    boolean isEntered() {
        return lock.isHeldByCurrentThread();
    }

    /** Returns what this scope binds for the calling thread. */
    private Bindings bindings() {
        Bindings bindings = ScopedContext.where(Entered.KEY, new Entered(this));
        for (int i = 0; i < cells.size(); i++) {
            bindings = bindings.where(locals.get(i).store.key, cells.get(i));
        }
        return bindings;
    }

    /** Returns copies of the values as they are now, for a thread that cannot wait for another one to leave. */
    Bindings copies() {
        ensureOpen();
        Bindings bindings = ScopedContext.where(Entered.KEY, new Entered(this));
        for (int i = 0; i < cells.size(); i++) {
            Cell copy = new Cell(Thread.currentThread(), cells.get(i).copy());
            bindings = bindings.where(locals.get(i).store.key, copy);
        }
        return bindings;
    }

    /** Returns the cells of this scope that are bound now, which are those that no scope inside hides. */
    Bindings bindingsInForce() {
        Bindings bindings = ScopedContext.without();
        for (int i = 0; i < cells.size(); i++) {
            ContextKey<Cell> key = locals.get(i).store.key;
            if (key.orElse(null) == cells.get(i)) {
                bindings = bindings.where(key, cells.get(i));
            }
        }
        return bindings;
    }

    /** Returns the manager, marked as a scope of it. */
    @Override
    public String toString() {
        return "LocalScope of " + manager;
    }
}
