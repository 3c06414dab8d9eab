package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.KeyMirror;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalVar;
import dev.scopedcontext.task.TaskScopes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The steps of docs/from-threadlocal.md: after each, the same program does the same. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("SameNameButDifferent") // Each step has the class in its next form.
class FromThreadLocalTest {

    record User(String name) {
    }

    record Request(User user) {
    }

    private static final Request REQUEST = new Request(new User("alice"));

    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    /** What there is. */
    static class Before {

        static final ThreadLocal<User> CURRENT_USER = new ThreadLocal<>();

        String serve(Request request) {
            CURRENT_USER.set(request.user());
            try {
                return page();
            } finally {
                CURRENT_USER.remove();
            }
        }

        String page() {
            return "Hello " + CURRENT_USER.get().name();
        }
    }

    /** Step 1. */
    static class OnePlace {

        static final class CurrentUser {

            private static final ThreadLocal<User> USER = new ThreadLocal<>();

            static User get() {
                return USER.get();
            }

            static AutoCloseable set(User user) {
                User before = USER.get();
                USER.set(user);
                return () -> USER.set(before);
            }
        }

        String serve(Request request) throws Exception {
            try (AutoCloseable set = CurrentUser.set(request.user())) {
                return page();
            }
        }

        String page() {
            return "Hello " + CurrentUser.get().name();
        }
    }

    /** Step 2. */
    static class Attached {

        static final class CurrentUser {

            private static final ContextKey<User> USER = ContextKey.named("user");

            static User get() {
                return USER.orElse(null);
            }

            static Attachment set(User user) {
                return ScopedContext.where(USER, user).attach();
            }
        }

        String serve(Request request) {
            try (Attachment set = CurrentUser.set(request.user())) {
                return page();
            }
        }

        String page() {
            return "Hello " + CurrentUser.get().name();
        }
    }

    /** Step 3. */
    static class BothAtOnce {

        static final ThreadLocal<User> CURRENT_USER = new ThreadLocal<>();

        static final class InThreadLocal implements KeyMirror<User> {

            @Override
            public Runnable show(User user) {
                return set(user);
            }

            @Override
            public Runnable hide() {
                return set(null);
            }

            private static Runnable set(User user) {
                User before = CURRENT_USER.get();
                CURRENT_USER.set(user);
                return () -> CURRENT_USER.set(before);
            }
        }

        static final ContextKey<User> USER = ContextKey.<User>builder("user").mirror(new InThreadLocal()).build();

        String serve(Request request) {
            return ScopedContext.where(USER, request.user()).call(this::page);
        }

        String page() {
            return "Hello " + USER.get().name() + notMovedYet();
        }

        String notMovedYet() {
            return ", " + CURRENT_USER.get().name();
        }
    }

    /** Step 4. */
    static class InABlock {

        static final ContextKey<User> USER = ContextKey.named("user");

        String serve(Request request) {
            return ScopedContext.where(USER, request.user()).call(this::page);
        }

        String page() {
            return "Hello " + USER.get().name();
        }
    }

    /** What there is where threads are started. */
    static class Inherited {

        static final InheritableThreadLocal<User> CURRENT_USER = new InheritableThreadLocal<>();

        Future<String> serve(Request request, ExecutorService pool) {
            CURRENT_USER.set(request.user());
            try {
                return pool.submit(() -> "Hello " + CURRENT_USER.get().name());
            } finally {
                CURRENT_USER.remove();
            }
        }
    }

    /** Step 5. */
    static class HandedOver {

        static final ContextKey<User> USER = ContextKey.named("user");

        Future<String> serve(Request request, ExecutorService pool) {
            ExecutorService propagating = ContextExecutors.propagating(pool);
            return ScopedContext.where(USER, request.user()).call(() -> propagating.submit(this::page));
        }

        Thread start(Request request, Runnable task) {
            ThreadFactory threads = ContextExecutors.propagatingFactory(Thread::new);
            return ScopedContext.where(USER, request.user()).call(() -> threads.newThread(task));
        }

        String both(Request request) throws Exception {
            return ScopedContext.where(USER, request.user())
                    .call(() -> TaskScopes.par(this::page, this::page, (one, other) -> one + ", " + other));
        }

        String page() {
            return "Hello " + USER.get().name();
        }
    }

    /** Step 6. */
    static class SetInTheMiddle {

        static final Local LOCAL = Local.named("request");
        static final LocalVar<String> MESSAGE = LOCAL.var("message", String.class);
        static final LocalManager MANAGER = LocalManager.of(LOCAL);

        String serve(Request request) {
            return MANAGER.call(() -> {
                logIn(request);
                return MESSAGE.get();
            });
        }

        void logIn(Request request) {
            MESSAGE.set("Welcome, " + request.user().name());
        }
    }

    @Test
    void whatIsSetInTheMiddleIsGoneAtTheEnd() {
        assertThat(new SetInTheMiddle().serve(REQUEST)).isEqualTo("Welcome, alice");
        assertThat(SetInTheMiddle.MESSAGE.isBound()).isFalse();
    }

    @Test
    void everyStepServesTheSameAndLeavesNothing() throws Exception {
        assertThat(new Before().serve(REQUEST)).isEqualTo("Hello alice");
        assertThat(new OnePlace().serve(REQUEST)).isEqualTo("Hello alice");
        assertThat(new Attached().serve(REQUEST)).isEqualTo("Hello alice");
        assertThat(new BothAtOnce().serve(REQUEST)).isEqualTo("Hello alice, alice");
        assertThat(new InABlock().serve(REQUEST)).isEqualTo("Hello alice");

        assertThat(Before.CURRENT_USER.get()).isNull();
        assertThat(OnePlace.CurrentUser.get()).isNull();
        assertThat(Attached.CurrentUser.get()).isNull();
        assertThat(BothAtOnce.CURRENT_USER.get()).isNull();
        assertThat(InABlock.USER.isBound()).isFalse();
    }

    @Test
    void whatAPooledThreadInheritsIsOfWhoeverMadeItStart() throws Exception {
        Inherited before = new Inherited();
        assertThat(before.serve(REQUEST, pool).get()).isEqualTo("Hello alice");
        assertThat(before.serve(new Request(new User("bob")), pool).get()).isEqualTo("Hello alice");
    }

    @Test
    void whatIsHandedOverIsOfWhoeverSubmitsTheTask() throws Exception {
        HandedOver after = new HandedOver();
        assertThat(after.serve(REQUEST, pool).get()).isEqualTo("Hello alice");
        assertThat(after.serve(new Request(new User("bob")), pool).get()).isEqualTo("Hello bob");
        assertThat(after.both(REQUEST)).isEqualTo("Hello alice, Hello alice");
        List<String> pages = new ArrayList<>();
        Thread thread = after.start(REQUEST, () -> pages.add(after.page()));
        thread.start();
        thread.join();
        assertThat(pages).containsExactly("Hello alice");
        assertThatThrownBy(() -> pool.submit(after::page).get()).hasRootCauseInstanceOf(UnboundContextException.class);
    }
}
