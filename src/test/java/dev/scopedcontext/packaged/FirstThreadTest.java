package dev.scopedcontext.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.support.ChildJvm;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The library retains neither the thread that uses it first nor the application that runs there. */
@Tag("per-jdk")
class FirstThreadTest {

    @Test
    void threadThatUsesTheLibraryFirstIsCollected() throws Exception {
        assertThat(new ChildJvm().run(UsesFirst.class)).contains("thread kept: false, its loader: false");
    }

    static final class UsesFirst {

        public static void main(String[] args) throws Exception {
            Thread first = new Thread(() -> ContextKey.named("key").isBound());
            first.setContextClassLoader(new URLClassLoader(new URL[0]));
            WeakReference<Thread> thread = new WeakReference<>(first);
            WeakReference<ClassLoader> loader = new WeakReference<>(first.getContextClassLoader());
            first.start();
            first.join();
            first = null;
            for (int i = 0; i < 100 && thread.get() != null; i++) {
                System.gc();
                Thread.sleep(10);
            }
            System.out.printf("thread kept: %s, its loader: %s%n", thread.get() != null, loader.get() != null);
        }
    }
}
