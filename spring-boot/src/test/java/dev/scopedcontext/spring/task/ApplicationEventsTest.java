package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.bind;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Events of the application, and state that a task never gets. */
@SpringBootTest(classes = ApplicationEventsTest.Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE)
class ApplicationEventsTest {

    private final AtomicInteger handOffs = new AtomicInteger();

    @Autowired
    ApplicationEventPublisher publisher;

    @Autowired
    Listeners listeners;

    @Autowired
    ApplicationEventMulticaster multicaster;

    @Autowired
    PlatformTransactionManager transactions;

    @Autowired
    AsyncTaskExecutor executor;

    @Test
    void listenerRunsInTheContextOfThePublisher() throws Exception {
        bind("alice", handOffs).run(() -> publisher.publishEvent(new Plain()));

        assertThat(listeners.next()).isEqualTo("alice, same thread");
        assertThat(handOffs).hasValue(0);
    }

    @Test
    void asyncListenerIsHandedTheContextOfThePublisher() throws Exception {
        bind("alice", handOffs).run(() -> publisher.publishEvent(new InTask()));

        assertThat(listeners.next()).isEqualTo("alice");
        assertThat(handOffs).hasValue(1);
    }

    @Test
    void multicasterWithAnExecutorHandsTheContextOfThePublisherOver() throws Exception {
        SimpleApplicationEventMulticaster simple = (SimpleApplicationEventMulticaster) multicaster;
        simple.setTaskExecutor(executor);
        try {
            bind("alice", handOffs).run(() -> publisher.publishEvent(new ByMulticaster()));
            assertThat(listeners.next()).isEqualTo("alice, another thread");
        } finally {
            simple.setTaskExecutor(null);
        }
        assertThat(handOffs).hasValue(1);
    }

    @Test
    void transactionalListenerRunsInTheContextOfTheCommit() throws Exception {
        bind("alice", handOffs).run(() -> new TransactionTemplate(transactions)
                .executeWithoutResult(status -> bind("bob", handOffs)
                        .run(() -> publisher.publishEvent(new AfterCommit()))));

        assertThat(listeners.next()).as("the transaction was begun and is committed by alice's code")
                .isEqualTo("alice, same thread");
        assertThat(handOffs).hasValue(0);
    }

    @Test
    void transactionIsNeverHandedOver() {
        bind("alice", handOffs).run(() -> new TransactionTemplate(transactions).executeWithoutResult(status -> {
            assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
            assertThat(executor.submitCompletable(() -> user() + " "
                    + TransactionSynchronizationManager.isActualTransactionActive() + " "
                    + TransactionSynchronizationManager.isSynchronizationActive() + " "
                    + TransactionSynchronizationManager.getResourceMap().size()).join())
                    .isEqualTo("alice false false 0");
        }));
    }

    record Plain() {
    }

    record InTask() {
    }

    record ByMulticaster() {
    }

    record AfterCommit() {
    }

    static class Listeners {

        private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        private final Thread tests = Thread.currentThread();

        String next() throws InterruptedException {
            return seen.poll(10, TimeUnit.SECONDS);
        }

        @EventListener({Plain.class, ByMulticaster.class})
        public void plain() {
            note();
        }

        @Async
        @EventListener(InTask.class)
        public void inTask() {
            seen.add(user());
        }

        @TransactionalEventListener(classes = AfterCommit.class, phase = TransactionPhase.AFTER_COMMIT)
        public void afterCommit() {
            note();
        }

        private void note() {
            seen.add(user() + (Thread.currentThread() == tests ? ", same thread" : ", another thread"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(proxyTargetClass = true)
    @Import(Listeners.class)
    @ImportAutoConfiguration({TaskExecutionAutoConfiguration.class, TaskContextAutoConfiguration.class,
            DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
            TransactionAutoConfiguration.class})
    static class Application {

        @Bean
        static ApplicationEventMulticaster applicationEventMulticaster() {
            return new SimpleApplicationEventMulticaster();
        }
    }
}
