package dev.scopedcontext.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.support.OwnLibrary;
import java.lang.ref.WeakReference;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** J19, R32: a thread that continues to live retains nothing of the library, so the loader can be collected. */
class UnloadingTest {

    @Test
    void loaderIsCollectedThoughAPooledThreadUsedTheLibrary() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            WeakReference<ClassLoader> loader = useLibraryIn(pool);
            OwnLibrary.assertCollected(loader);
        } finally {
            pool.shutdown();
        }
    }

    private static WeakReference<ClassLoader> useLibraryIn(ExecutorService pool) throws Exception {
        try (OwnLibrary loader = new OwnLibrary(null)) {
            Class<?> program = Class.forName(Uses.class.getName(), true, loader);
            assertThat(program).isNotSameAs(Uses.class);
            Runnable uses = (Runnable) program.getDeclaredConstructor().newInstance();
            pool.submit(uses).get();
            return new WeakReference<>(loader);
        }
    }

    /** Uses all ways to bind. */
    public static final class Uses implements Runnable {

        private static final ContextKey<Object> KEY = ContextKey.named("key");
        private static final Local LOCAL = Local.named("local");
        private static final LocalManager MANAGER = LocalManager.of(LOCAL);

        @Override
        public void run() {
            KEY.isBound();
            ScopedContext.where(KEY, new Uses()).run(() -> {
                Attachment inside = ScopedContext.where(KEY, new Uses()).attach();
                ScopedContext.capture().run(KEY::get);
                ScopedContext.capture().wrap((Runnable) new FutureTask<>(KEY::get)).run(); // of a class of the JDK
                ScopedContext.onExit(failure -> KEY.get());
                inside.close();
            });
            LOCAL.set("of thread", new Uses());
            LOCAL.remove("of thread");
            MANAGER.run(() -> {
                LOCAL.set("in scope", new Uses());
                ScopedContext.capture().run(() -> LOCAL.set("in task", new Uses()));
            });
            Attachment outside = ScopedContext.where(KEY, new Uses()).attach();
            ScopedContext.where(KEY, new Uses()).run(KEY::get);
            outside.close();
            try {
                ScopedContext.where(KEY, new Uses()).run(() -> {
                    throw new IllegalStateException("fails");
                });
            } catch (IllegalStateException expected) {
                KEY.isBound();
            }
        }
    }
}
