package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.HAND_OFFS;
import static dev.scopedcontext.spring.support.TaskValues.bind;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.spring.support.LogOfTheStarter;
import dev.scopedcontext.spring.support.TaskValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ForkJoinPoolFactoryBean;
import org.springframework.scheduling.concurrent.ThreadPoolExecutorFactoryBean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.security.concurrent.DelegatingSecurityContextExecutor;
import org.springframework.security.task.DelegatingSecurityContextAsyncTaskExecutor;

/** Executors that the application declares as beans, by the type that it declares. */
@ExtendWith({OutputCaptureExtension.class, LogOfTheStarter.class})
class DeclaredExecutorsTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskContextAutoConfiguration.class));

    private final AtomicInteger handOffs = new AtomicInteger();

    @Test
    void executorHandsNothingOverWithoutThisRoom() {
        runner.withPropertyValues("scopedcontext.task.enabled=false").withUserConfiguration(SpringExecutors.class)
                .run(context -> assertThat(userSeenBy(context.getBean(ThreadPoolTaskExecutor.class)))
                        .isEqualTo("nobody"));
    }

    @Test
    void executorsOfSpringHandOverAndAreTheSameObjects() {
        runner.withUserConfiguration(SpringExecutors.class).run(context -> {
            for (Class<? extends Executor> type : List.of(ThreadPoolTaskExecutor.class, SimpleAsyncTaskExecutor.class,
                    ConcurrentTaskExecutor.class, TaskExecutorAdapter.class)) {
                Executor executor = context.getBean(type);
                assertThat(executor.getClass()).isSameAs(type);
                handOffs.set(0);
                assertThat(userSeenBy(executor)).as(type.getName()).isEqualTo("alice");
                assertThat(userSeenBySubmitted((AsyncTaskExecutor) executor)).as(type.getName()).isEqualTo("alice");
                assertThat(handOffs).as(type.getName()).hasValue(2);
            }
        });
    }

    @Test
    void decoratorOfTheApplicationRunsInTheContext() {
        runner.withBean(ThreadPoolTaskExecutor.class, () -> {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setTaskDecorator(task -> () -> {
                decorated.complete(user() + " in " + (task instanceof FutureTask<?> ? "FutureTask" : "task"));
                task.run();
            });
            return executor;
        }).run(context -> {
            assertThat(userSeenBySubmitted(context.getBean(ThreadPoolTaskExecutor.class))).isEqualTo("alice");
            assertThat(decorated.get(10, TimeUnit.SECONDS)).isEqualTo("alice in FutureTask");
            assertThat(handOffs).hasValue(1);
        });
    }

    private final CompletableFuture<String> decorated = new CompletableFuture<>();

    @Test
    void decoratorThatCapturesTheContextItselfHandsItOverAlone() {
        runner.withBean(ThreadPoolTaskExecutor.class, () -> {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setTaskDecorator(task -> ScopedContext.capture().wrap(() -> task.run()));
            return executor;
        }).run(context -> {
            assertThat(userSeenBySubmitted(context.getBean(ThreadPoolTaskExecutor.class))).isEqualTo("alice");
            assertThat(handOffs).hasValue(1);
        });
    }

    @Test
    void wrappedTaskKeepsItsContext() {
        runner.withUserConfiguration(SpringExecutors.class).run(context -> {
            ContextSnapshot ofBob = bind("bob", handOffs).call(ScopedContext::capture);
            CompletableFuture<String> seen = new CompletableFuture<>();
            Runnable wrapped = ofBob.wrap((Runnable) () -> seen.complete(user()));
            bind("alice", handOffs).run(() -> context.getBean(ThreadPoolTaskExecutor.class).execute(wrapped));

            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("bob");
            assertThat(handOffs).hasValue(1);
        });
    }

    @Test
    void executorsOfTheJdkThatAreDeclaredByAnInterfaceHandOver() {
        runner.withUserConfiguration(Interfaces.class).run(context -> {
            Executor executor = context.getBean("executor", Executor.class);
            assertThat(userSeenBy(executor)).isEqualTo("alice");
            ExecutorService service = context.getBean("service", ExecutorService.class);
            assertThat(userSeenBy(service)).isEqualTo("alice");
            Callable<String> read = TaskValues::user;
            assertThat(bind("alice", handOffs).call(() -> service.invokeAll(List.of(read, read))))
                    .extracting(Future::get).containsExactly("alice", "alice");
            ScheduledExecutorService scheduled = context.getBean("scheduled", ScheduledExecutorService.class);
            assertThat(bind("alice", handOffs).call(() -> scheduled.schedule(read, 1, TimeUnit.MILLISECONDS)).get())
                    .isEqualTo("alice");
            assertThat(handOffs).hasValue(5);
        });
    }

    @Test
    void executorsOfTheJdkThatAreDeclaredByTheirClassHandOver() {
        runner.withUserConfiguration(Classes.class).run(context -> {
            ThreadPoolExecutor pool = context.getBean("pool", ThreadPoolExecutor.class);
            assertThat(userSeenBy(pool)).isEqualTo("alice");
            assertThat(pool.getCorePoolSize()).isEqualTo(2);
            assertThat(pool.getPoolSize()).isEqualTo(1);

            ScheduledThreadPoolExecutor scheduled = context.getBean(ScheduledThreadPoolExecutor.class);
            assertThat(
                    bind("alice", handOffs).call(() -> scheduled.schedule(TaskValues::user, 1, TimeUnit.MILLISECONDS))
                            .get())
                    .isEqualTo("alice");

            ForkJoinPool forking = context.getBean(ForkJoinPool.class);
            ForkJoinTask<?> task = bind("alice", handOffs).call(() -> forking.submit(TaskValues::user));
            assertThat(task.get(10, TimeUnit.SECONDS)).isEqualTo("alice");
            assertThat(handOffs).hasValue(3);

            assertThat(context.getBean(UsersOfClasses.class).pool).isSameAs(pool);
        });
    }

    @Test
    void ownClassIsExtended() {
        runner.withBean(OwnExecutor.class).run(context -> {
            OwnExecutor executor = context.getBean(OwnExecutor.class);
            assertThat(userSeenBy(executor)).isEqualTo("alice");
            assertThat(executor.executed()).isEqualTo(1);
            assertThat(handOffs).hasValue(1);
        });
    }

    @Test
    void ownFinalClassThatIsDeclaredByAnInterfaceHandsOver() {
        runner.withUserConfiguration(FinalByInterface.class).run(context -> {
            AsyncTaskExecutor executor = context.getBean(AsyncTaskExecutor.class);
            assertThat(userSeenBy(executor)).isEqualTo("alice");
            assertThat(bind("alice", handOffs).call(() -> executor.submitCompletable(TaskValues::user))
                    .get(10, TimeUnit.SECONDS)).isEqualTo("alice");
            assertThat(handOffs).hasValue(2);
        });
    }

    @Test
    void ownFinalClassIsLeftUnchangedWithAWarning(CapturedOutput output) {
        runner.withBean("own", FinalExecutor.class).run(context -> {
            assertThat(userSeenBy(context.getBean(FinalExecutor.class))).isEqualTo("nobody");
            assertThat(output).containsOnlyOnce("The bean \"own\" does not hand context over to its tasks, since it is"
                    + " declared as " + FinalExecutor.class.getName()
                    + ", of which there can be no proxy. Declare it by"
                    + " an interface, such as ExecutorService, or annotate it with @NoHandOff");
        });
    }

    @Test
    void classWithAFinalMethodHandsOverIfItIsDeclaredByAnInterface() {
        runner.withUserConfiguration(FinalMethods.class).run(context -> {
            Executor executor = context.getBean("byInterface", Executor.class);
            assertThat(userSeenBy(executor)).isEqualTo("alice");
            assertThat(executor).isNotInstanceOf(DelegatingSecurityContextExecutor.class);
            assertThat(userSeenBy(context.getBean("extended", ExecutorService.class))).isEqualTo("alice");
            assertThat(handOffs).hasValue(2);
        });
    }

    @Test
    void classWithAFinalMethodIsLeftUnchangedWithAWarning(CapturedOutput output) {
        runner.withUserConfiguration(FinalMethods.class).run(context -> {
            for (String name : List.of("own", "ofSecurity")) {
                assertThat(userSeenBy(context.getBean(name, Executor.class))).isEqualTo("nobody");
                assertThat(output).containsOnlyOnce("The bean \"" + name + "\" does not hand context over");
            }
            assertThat(context.getBean(FinalMethodExecutor.class).executed()).isEqualTo(1);
            assertThat(output).doesNotContain("The bean \"byInterface\"").doesNotContain("The bean \"extended\"");
        });
    }

    @Test
    void methodsThatTakeAnotherTypeOfTaskReceiveItUnchanged() {
        runner.withBean(JobPool.class).withBean(ForkJoinPool.class).run(context -> {
            JobPool pool = context.getBean(JobPool.class);
            LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
            bind("alice", handOffs).run(() -> {
                pool.submit(new Job("one", seen));
                pool.schedule(Set.of(new Job("set", seen)));
                pool.schedule(List.of(new Job("list", seen)));
                ((Jobs<Job>) pool).schedule(new Job("generic", seen));
            });
            for (String name : List.of("one", "set", "list", "generic")) {
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(name + " of nobody");
            }
            bind("alice", handOffs).run(() -> pool.execute(new Job("task", seen)));
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("task of alice");
            List<Callable<String>> calls = List.of(TaskValues::user);
            assertThat(bind("alice", handOffs).call(() -> pool.invokeAny(calls))).isEqualTo("alice");

            ForkJoinPool forking = context.getBean(ForkJoinPool.class);
            ForkJoinTask<String> task = ForkJoinTask.adapt(TaskValues::user);
            assertThat(bind("alice", handOffs).call(() -> forking.submit(task))).isSameAs(task);
            assertThat(task.get(10, TimeUnit.SECONDS)).isEqualTo("nobody");
        });
    }

    @Test
    void ownExecutorIsStartedAndStoppedWithTheApplication() {
        List<String> calls = new ArrayList<>();
        runner.withBean("own", Executor.class, () -> new LifecycleExecutor(calls)).run(context -> {
            assertThat(userSeenBy(context.getBean(Executor.class))).isEqualTo("alice");
            assertThat(calls).containsExactly("start");
        });
        assertThat(calls).containsExactly("start", "stop");
    }

    @Test
    void executorOfAFactoryBeanHandsOver() {
        runner.withUserConfiguration(Factories.class).run(context -> {
            assertThat(userSeenBy(context.getBean("pool", ExecutorService.class))).isEqualTo("alice");
            assertThat(userSeenBy(context.getBean("forking", ForkJoinPool.class))).isEqualTo("alice");
            assertThat(handOffs).hasValue(2);
        });
    }

    @Test
    void executorThatDelegatesToAnotherHandsOverOnce() {
        runner.withUserConfiguration(Delegating.class).run(context -> {
            assertThat(userSeenBy(context.getBean("delegating", AsyncTaskExecutor.class))).isEqualTo("alice");
            assertThat(userSeenBySubmitted(context.getBean("delegating", AsyncTaskExecutor.class))).isEqualTo("alice");
            assertThat(handOffs).hasValue(2);
        });
    }

    @Test
    void executorOfThisLibraryIsLeftUnchanged() {
        runner.withUserConfiguration(OfThisLibrary.class).run(context -> {
            assertThat(userSeenBy(context.getBean("propagating", Executor.class))).isEqualTo("alice");
            assertThat(userSeenBy(context.getBean("fixed", Executor.class))).isEqualTo("nobody");
            assertThat(handOffs).hasValue(1);
        });
    }

    @Test
    void executorOfTheCallingThreadIsLeftUnchanged() {
        runner.withBean(SyncTaskExecutor.class).run(context -> {
            bind("alice", handOffs).run(() -> context.getBean(SyncTaskExecutor.class)
                    .execute(() -> assertThat(HAND_OFFS.get()).hasValue(0)));
            assertThat(context.getBean(SyncTaskExecutor.class).getClass()).isSameAs(SyncTaskExecutor.class);
        });
    }

    @Test
    void taskThatTheCallerRunsIsHandedOverToo() {
        runner.withBean(ThreadPoolTaskExecutor.class, () -> {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setMaxPoolSize(1);
            executor.setQueueCapacity(0);
            executor.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
            return executor;
        }).run(context -> {
            Executor executor = context.getBean(ThreadPoolTaskExecutor.class);
            CompletableFuture<String> busy = new CompletableFuture<>();
            executor.execute(busy::join);
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            bind("alice", handOffs).run(() -> executor.execute(() -> thread.complete(Thread.currentThread())));
            busy.complete("");
            assertThat(thread).isCompletedWithValue(Thread.currentThread());
            assertThat(handOffs).hasValue(1);
        });
    }

    @Test
    void comparableTasksKeepTheirOrder() {
        runner.withUserConfiguration(Prioritized.class).run(context -> {
            ThreadPoolExecutor pool = context.getBean(ThreadPoolExecutor.class);
            CompletableFuture<String> busy = new CompletableFuture<>();
            pool.execute(new Prioritized.Task(0, busy::join));
            LinkedBlockingQueue<String> order = new LinkedBlockingQueue<>();
            bind("alice", handOffs).run(() -> {
                pool.execute(new Prioritized.Task(2, () -> order.add("second of " + user())));
                pool.execute(new Prioritized.Task(1, () -> order.add("first of " + user())));
            });
            busy.complete("");
            assertThat(order.poll(10, TimeUnit.SECONDS)).isEqualTo("first of alice");
            assertThat(order.poll(10, TimeUnit.SECONDS)).isEqualTo("second of alice");
        });
    }

    @Test
    void executorsAreShutDownWithTheApplication() {
        ExecutorService[] originals = new ExecutorService[3];
        runner.withUserConfiguration(Interfaces.class, Classes.class).run(context -> {
            originals[0] = Interfaces.last;
            originals[1] = Classes.last;
            originals[2] = context.getBean("pool", ThreadPoolExecutor.class);
            assertThat(originals).noneMatch(ExecutorService::isShutdown);
        });
        assertThat(originals).allMatch(ExecutorService::isShutdown);
        assertThatThrownBy(() -> originals[2].execute(() -> {
        })).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void applicationMayInjectItsOwnDecoratorByType() {
        runner.withUserConfiguration(OwnDecorator.class).run(context -> {
            assertThat(context).hasNotFailed().hasBean("scopedContextTaskDecorator");
            assertThat(userSeenBy(context.getBean(ThreadPoolTaskExecutor.class))).isEqualTo("alice");
            assertThat(handOffs).hasValue(1);
        });
    }

    @Test
    void decoratorCanBeSetOnAnExecutorThatIsNoBean() {
        runner.run(context -> {
            SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
            executor.setTaskDecorator(context.getBean("scopedContextTaskDecorator",
                    TaskDecorator.class));
            assertThat(userSeenBy(executor)).isEqualTo("alice");
        });
    }

    private String userSeenBy(Executor executor) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        bind("alice", handOffs).run(() -> executor.execute(() -> seen.complete(user())));
        return seen.get(10, TimeUnit.SECONDS);
    }

    private String userSeenBySubmitted(AsyncTaskExecutor executor) throws Exception {
        return bind("alice", handOffs).call(() -> executor.submit(TaskValues::user)).get(10, TimeUnit.SECONDS);
    }

    @Configuration(proxyBeanMethods = false)
    static class SpringExecutors {

        @Bean
        ThreadPoolTaskExecutor pool() {
            return new ThreadPoolTaskExecutorBuilder().corePoolSize(1).build();
        }

        @Bean
        AsyncTaskExecutor simple() {
            return new SimpleAsyncTaskExecutor();
        }

        @Bean
        ConcurrentTaskExecutor concurrent(ThreadPoolTaskExecutor pool) {
            return new ConcurrentTaskExecutor(pool);
        }

        @Bean
        TaskExecutor adapter(ThreadPoolTaskExecutor pool) {
            return new TaskExecutorAdapter(pool);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Interfaces {

        static volatile ExecutorService last;

        @Bean(destroyMethod = "")
        Executor executor() {
            return task -> new Thread(task).start();
        }

        @Bean
        ExecutorService service() {
            last = Executors.newFixedThreadPool(2);
            return last;
        }

        @Bean
        ScheduledExecutorService scheduled() {
            return Executors.newSingleThreadScheduledExecutor();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Classes {

        static volatile ThreadPoolExecutor last;

        @Bean
        ThreadPoolExecutor pool() {
            last = new ThreadPoolExecutor(2, 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
            return last;
        }

        @Bean
        ScheduledThreadPoolExecutor scheduledPool() {
            return new ScheduledThreadPoolExecutor(1);
        }

        @Bean
        ForkJoinPool forking() {
            return new ForkJoinPool(1);
        }

        @Bean
        UsersOfClasses users(ThreadPoolExecutor pool) {
            return new UsersOfClasses(pool);
        }
    }

    record UsersOfClasses(ThreadPoolExecutor pool) {
    }

    static class OwnExecutor implements Executor {

        private int executed;

        @Override
        public void execute(Runnable task) {
            executed++;
            new Thread(task).start();
        }

        int executed() {
            return executed;
        }
    }

    static final class FinalExecutor implements AsyncTaskExecutor {

        @Override
        public void execute(Runnable task) {
            new Thread(task).start();
        }
    }

    record Job(String name, Queue<String> seen) implements Runnable {

        @Override
        public void run() {
            seen.add(name + " of " + user());
        }
    }

    interface Jobs<J extends Runnable> {

        void schedule(J job);
    }

    static class JobPool extends ThreadPoolExecutor implements Jobs<Job> {

        JobPool() {
            super(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }

        void submit(Job job) {
            execute(job);
        }

        void schedule(Set<Job> jobs) {
            jobs.forEach(this::submit);
        }

        void schedule(List<Job> jobs) {
            jobs.forEach(this::submit);
        }

        @Override
        public void schedule(Job job) {
            execute(job);
        }
    }

    static class FinalMethodExecutor implements Executor {

        private final Executor threads = task -> new Thread(task).start();
        private int executed;

        @Override
        public final void execute(Runnable task) {
            executed++;
            threads.execute(task);
        }

        int executed() {
            return executed;
        }
    }

    /** A pool whose own class cannot be extended, while that of the JDK can. */
    static class FinalMethodPool extends ThreadPoolExecutor {

        FinalMethodPool() {
            super(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }

        public final int waiting() {
            return getQueue().size();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FinalMethods {

        @Bean
        Executor byInterface() {
            return new DelegatingSecurityContextExecutor(task -> new Thread(task).start());
        }

        @Bean
        ThreadPoolExecutor extended() {
            return new FinalMethodPool();
        }

        @Bean
        FinalMethodExecutor own() {
            return new FinalMethodExecutor();
        }

        @Bean
        DelegatingSecurityContextAsyncTaskExecutor ofSecurity() {
            return new DelegatingSecurityContextAsyncTaskExecutor(new SimpleAsyncTaskExecutor());
        }
    }

    static final class LifecycleExecutor implements Executor, SmartLifecycle {

        private final List<String> calls;

        LifecycleExecutor(List<String> calls) {
            this.calls = calls;
        }

        @Override
        public void execute(Runnable task) {
            new Thread(task).start();
        }

        @Override
        public void start() {
            calls.add("start");
        }

        @Override
        public void stop() {
            calls.add("stop");
        }

        @Override
        public boolean isRunning() {
            return calls.size() == 1;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FinalByInterface {

        @Bean
        AsyncTaskExecutor own() {
            return new FinalExecutor();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Factories {

        @Bean
        ThreadPoolExecutorFactoryBean pool() {
            return new ThreadPoolExecutorFactoryBean();
        }

        @Bean
        ForkJoinPoolFactoryBean forking() {
            return new ForkJoinPoolFactoryBean();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Delegating {

        @Bean
        ThreadPoolTaskExecutor pool() {
            return new ThreadPoolTaskExecutor();
        }

        @Bean
        AsyncTaskExecutor delegating(ThreadPoolTaskExecutor pool) {
            return task -> pool.execute(() -> task.run());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfThisLibrary {

        @Bean
        ExecutorService propagating() {
            return ContextExecutors.propagating(Executors.newSingleThreadExecutor());
        }

        @Bean
        ExecutorService fixed() {
            return ContextExecutors.fixed(Executors.newSingleThreadExecutor(), ContextSnapshot.empty());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Prioritized {

        @Bean
        ThreadPoolExecutor pool() {
            return new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new PriorityBlockingQueue<>());
        }

        record Task(int priority, Runnable action) implements Runnable, Comparable<Task> {

            @Override
            public void run() {
                action.run();
            }

            @Override
            public int compareTo(Task other) {
                return Integer.compare(priority, other.priority);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnDecorator {

        @Bean
        TaskDecorator own() {
            return task -> () -> task.run();
        }

        @Bean
        ThreadPoolTaskExecutor pool(TaskDecorator decorator) {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setTaskDecorator(decorator);
            return executor;
        }
    }
}
