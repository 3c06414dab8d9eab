package dev.scopedcontext.local;

import dev.scopedcontext.ScopeOpener;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Code that runs in a new managed scope each time.
 *
 * @param <C> the type of the code
 */
abstract class ManagedCode<C> {

    final ScopeOpener manager;
    final C code;

    private ManagedCode(ScopeOpener manager, C code) {
        this.manager = manager;
        this.code = code;
    }

    /** Returns the descriptions of the code and of the manager. */
    @Override
    public final String toString() {
        return code + " in " + manager;
    }

    /** A task. */
    static final class Task extends ManagedCode<Runnable> implements Runnable {

        Task(ScopeOpener manager, Runnable task) {
            super(manager, task);
        }

        @Override
        public void run() {
            manager.run(code);
        }
    }

    /** A task with a result. */
    static final class Call<V extends @Nullable Object> extends ManagedCode<Callable<V>> implements Callable<V> {

        Call(ScopeOpener manager, Callable<V> task) {
            super(manager, task);
        }

        @Override
        public V call() throws Exception {
            return manager.<V, Exception>call(code::call);
        }
    }

    /** A function. If its result is a stream, the scope stays open until the stream is closed. */
    static final class Apply<T extends @Nullable Object, R extends @Nullable Object> extends ManagedCode<Function<T, R>>
            implements
                Function<T, R> {

        private final Function<FunctionPosition, LocalScope> opener;

        Apply(ScopeOpener manager, Function<T, R> function, Function<FunctionPosition, LocalScope> opener) {
            super(manager, function);
            this.opener = opener;
        }

        @Override
        public R apply(T argument) {
            return ResultScope.<R, RuntimeException>call(opener, () -> code.apply(argument));
        }
    }
}
