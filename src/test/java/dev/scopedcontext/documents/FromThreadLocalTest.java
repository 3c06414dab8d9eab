package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.KeyMirror;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.task.TaskScopes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The steps of docs/guide/from-threadlocal.md: after each, the same program does the same. */
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

    /** The program at the beginning. */
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
            return ScopedContext.where(USER, request.user()).call(() -> page());
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
            return ScopedContext.where(USER, request.user()).call(() -> page());
        }

        String page() {
            return "Hello " + USER.get().name();
        }
    }

    /** Step 5, at the beginning. */
    static class Orders {

        static final ThreadLocal<Transaction> TRANSACTION = new ThreadLocal<>();

        final List<String> database = new CopyOnWriteArrayList<>();

        Future<?> order(ExecutorService pool) {
            Transaction transaction = begin();
            TRANSACTION.set(transaction);
            try {
                transaction.write("order");
                Future<?> audit = pool.submit(() -> audit("audit"));
                transaction.commit();
                return audit;
            } finally {
                TRANSACTION.remove();
            }
        }

        private Transaction begin() {
            return new WriteAtCommit(database);
        }

        void audit(String entry) {
            Transaction ofCaller = TRANSACTION.get();
            if (ofCaller != null) {
                ofCaller.write(entry);
            } else {
                Transaction own = begin();
                own.write(entry);
                own.commit();
            }
        }
    }

    interface Transaction extends AutoCloseable {

        void write(String row);

        void commit();
    }

    static final class WriteAtCommit implements Transaction {

        private final List<String> database;
        private final List<String> rows = new ArrayList<>();

        WriteAtCommit(List<String> database) {
            this.database = database;
        }

        @Override
        public void write(String row) {
            rows.add(row);
        }

        @Override
        public void commit() {
            database.addAll(rows);
            rows.clear();
        }

        @Override
        public void close() {
            rows.clear();
        }
    }

    /** Step 5, with a key that travels or one that does not. */
    static class PortedOrders {

        final ContextKey<Transaction> transactionKey;
        final List<String> database = new CopyOnWriteArrayList<>();

        PortedOrders(ContextKey<Transaction> transactionKey) {
            this.transactionKey = transactionKey;
        }

        Future<?> order(ExecutorService pool) {
            ExecutorService propagating = ContextExecutors.propagating(pool);
            Transaction transaction = begin();
            return ScopedContext.where(transactionKey, transaction).call(() -> {
                transaction.write("order");
                Future<?> audit = propagating.submit(() -> audit("audit"));
                transaction.commit();
                return audit;
            });
        }

        private Transaction begin() {
            return new WriteAtCommit(database);
        }

        void audit(String entry) {
            Transaction ofCaller = transactionKey.orElse(null);
            if (ofCaller != null) {
                ofCaller.write(entry);
            } else {
                Transaction own = begin();
                own.write(entry);
                own.commit();
            }
        }
    }

    /** Step 5, wrong. */
    static class Travels {

        static final ContextKey<Transaction> TRANSACTION = ContextKey.named("transaction");
    }

    /** Step 5, right. */
    static class StaysBehind {

        static final ContextKey<Transaction> TRANSACTION = ContextKey.<Transaction>builder("transaction")
                .handOff(HandOff.drop())
                .build();
    }

    /** Step 6, at the beginning. */
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

    /** Step 6. */
    static class HandedOver {

        static final ContextKey<User> USER = ContextKey.named("user");

        Future<String> serve(Request request, ExecutorService pool) {
            ExecutorService propagating = ContextExecutors.propagating(pool);
            return ScopedContext.where(USER, request.user()).call(() -> propagating.submit(() -> page()));
        }

        Thread start(Request request, Runnable task) {
            ThreadFactory threads = ContextExecutors.propagatingFactory(Thread::new);
            return ScopedContext.where(USER, request.user()).call(() -> threads.newThread(task));
        }

        String both(Request request) throws Exception {
            return ScopedContext.where(USER, request.user())
                    .call(() -> TaskScopes.par(() -> page(), () -> page(), (one, other) -> one + ", " + other));
        }

        String page() {
            return "Hello " + USER.get().name();
        }
    }

    @Test
    void taskThatFindsNoTransactionCommitsItsOwn() throws Exception {
        Orders before = new Orders();
        ending(before::order);
        assertThat(before.database).containsExactly("order", "audit");
    }

    @Test
    void transactionThatTravelsIsOverWhenTheTaskWrites() throws Exception {
        PortedOrders wrong = new PortedOrders(Travels.TRANSACTION);
        ending(wrong::order);
        assertThat(wrong.database).containsExactly("order");
    }

    @Test
    void transactionThatStaysBehindLeavesTheTaskToCommitItsOwn() throws Exception {
        PortedOrders right = new PortedOrders(StaysBehind.TRANSACTION);
        ending(right::order);
        assertThat(right.database).containsExactly("order", "audit");
    }

    /** Runs an order to its end before the pool begins with the task of it. */
    private void ending(Function<ExecutorService, Future<?>> order) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Future<Boolean> waiting = pool.submit(() -> ended.await(1, TimeUnit.MINUTES));
        Future<?> audit = order.apply(pool);
        ended.countDown();
        assertThat(waiting.get()).isTrue();
        audit.get();
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
    void pooledThreadInheritsFromTheFirstCaller() throws Exception {
        Inherited before = new Inherited();
        assertThat(before.serve(REQUEST, pool).get()).isEqualTo("Hello alice");
        assertThat(before.serve(new Request(new User("bob")), pool).get()).isEqualTo("Hello alice");
    }

    @Test
    void taskSeesTheValueOfItsSubmitter() throws Exception {
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
