package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.bind;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.spring.support.TaskValues;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Executors of a scope that does not exist while the application starts, such as that of a request. */
class ScopedExecutorsTest {

    private static final ThreadLocal<Boolean> STARTED = ThreadLocal.withInitial(() -> false);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskContextAutoConfiguration.class))
            .withInitializer(context -> context.getBeanFactory().registerScope("late", new LateScope()))
            .withUserConfiguration(Scoped.class);

    @Test
    void executorHandsOverOnceAndItsProxyIsLeftUnchanged() {
        runner.run(context -> {
            AtomicInteger handOffs = new AtomicInteger();
            for (String name : new String[]{"pool", "declaredByInterface"}) {
                AsyncTaskExecutor executor = context.getBean(name, AsyncTaskExecutor.class);
                STARTED.set(true);
                try {
                    assertThat(bind("alice", handOffs).call(() -> executor.submit(TaskValues::user)).get(10,
                            TimeUnit.SECONDS)).isEqualTo("alice");
                } finally {
                    STARTED.remove();
                }
            }
            assertThat(handOffs).hasValue(2);
        });
    }

    @Test
    void executorCanBeListedByTheNameOfItsProxy() {
        runner.withPropertyValues("scopedcontext.task.exclude=pool").run(context -> {
            STARTED.set(true);
            try {
                assertThat(bind("alice", new AtomicInteger())
                        .call(() -> context.getBean("pool", AsyncTaskExecutor.class).submit(() -> user()))
                        .get(10, TimeUnit.SECONDS)).isEqualTo("nobody");
            } finally {
                STARTED.remove();
            }
        });
    }

    private static final class LateScope extends SimpleThreadScope {

        @Override
        public Object get(String name, ObjectFactory<?> beans) {
            assertThat(STARTED.get()).as("scope of " + name + " is there").isTrue();
            return super.get(name, beans);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Scoped {

        @Bean
        @Scope(scopeName = "late", proxyMode = ScopedProxyMode.TARGET_CLASS)
        ThreadPoolTaskExecutor pool() {
            return new ThreadPoolTaskExecutor();
        }

        @Bean
        @Scope(scopeName = "late", proxyMode = ScopedProxyMode.INTERFACES)
        AsyncTaskExecutor declaredByInterface() {
            Executor threads = task -> new Thread(task).start();
            return threads::execute;
        }
    }
}
