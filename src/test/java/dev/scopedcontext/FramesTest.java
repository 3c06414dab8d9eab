package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.named.NamedContext;
import java.lang.StackWalker.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** The number of stack frames of the library between user code and the code that it runs. */
class FramesTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private static final NamedContext REQUEST = NamedContext.named("request");

    private final List<String> frames = new ArrayList<>();

    /** Records the frames of the library, including hidden ones, up to this test. */
    private final class Body implements Runnable, CallableOp<String, RuntimeException> {

        @Override
        public void run() {
            StackWalker.getInstance(Option.SHOW_HIDDEN_FRAMES).walk(walked -> {
                walked.skip(1).takeWhile(frame -> !frame.getClassName().equals(FramesTest.class.getName()))
                        .filter(frame -> frame.getClassName().startsWith("dev.scopedcontext."))
                        .filter(frame -> !frame.getClassName().startsWith(Body.class.getName()))
                        .forEach(frame -> frames.add(frame.getClassName() + "." + frame.getMethodName()));
                return null;
            });
        }

        @Override
        public String call() {
            run();
            return "";
        }
    }

    private final Body body = new Body();

    @Test
    void bindingsRun() {
        ScopedContext.where(USER, "alice").run(body);
        assertThat(frames).hasSizeBetween(1, 4);
    }

    @Test
    void bindingsCall() {
        ScopedContext.where(USER, "alice").call(body);
        assertThat(frames).hasSizeBetween(1, 4);
    }

    @Test
    void mirroredBindingsRun() {
        ContextKey<String> shown = ContextKey.<String>builder("shown").mirror(new KeyMirror<>() {
            @Override
            public Runnable show(String value) {
                return () -> {
                };
            }

            @Override
            public Runnable hide() {
                return () -> {
                };
            }
        }).build();
        ScopedContext.where(shown, "alice").run(body);
        assertThat(frames).hasSizeBetween(1, 4);
    }

    @Test
    void snapshotRuns() {
        ScopedContext.where(USER, "alice").call(ScopedContext::capture).run(body);
        assertThat(frames).hasSizeBetween(1, 4);
    }

    @Test
    void snapshotCalls() {
        ScopedContext.where(USER, "alice").call(ScopedContext::capture).call(body);
        assertThat(frames).hasSizeBetween(1, 4);
    }

    @Test
    void wrappedTask() {
        ScopedContext.where(USER, "alice").call(ScopedContext::capture).wrap((Runnable) body).run();
        assertThat(frames).hasSizeBetween(1, 5);
    }

    @Test
    void executor() {
        Executor direct = ContextExecutors.propagating((Executor) Runnable::run);
        direct.execute(body);
        assertThat(frames).hasSizeBetween(1, 6);
    }

    @Test
    void session() {
        REQUEST.session().run(body);
        assertThat(frames).hasSizeBetween(1, 6);
        frames.clear();
        REQUEST.session().call(body);
        assertThat(frames).hasSizeBetween(1, 6);
    }

    @Test
    void manager() {
        LocalManager manager = LocalManager.of(Local.named("local"));
        manager.run(body);
        assertThat(frames).hasSizeBetween(1, 6);
        frames.clear();
        manager.call(body);
        assertThat(frames).hasSizeBetween(1, 6);
    }
}
