package dev.scopedcontext.spring.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.task.TaskScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.ScopeNotActiveException;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.stereotype.Component;

/** The instances of beans in sessions. */
class ContextScopedTest {

    private static final NamedContext JOB = NamedContext.named("job");

    private static final ResourceKey<Database> DATABASE = JOB.resource("db", Database.class, Database::new);

    private static final List<String> LOG = Collections.synchronizedList(new ArrayList<>());

    private static AnnotationConfigApplicationContext application;

    /** A resource of the context, which a bean uses. */
    static final class Database implements AutoCloseable {

        Database() {
            LOG.add("open database");
        }

        @Override
        public void close() {
            LOG.add("close database");
        }
    }

    @Component("basket")
    @ContextScoped("job")
    static class Basket implements AutoCloseable {

        private final List<String> items = Collections.synchronizedList(new ArrayList<>());

        Basket() {
            LOG.add("create basket");
        }

        void put(String item) {
            items.add(item);
        }

        List<String> items() {
            return List.copyOf(items);
        }

        Basket self() {
            return this;
        }

        @Override
        public void close() {
            LOG.add("close basket");
        }
    }

    /** Uses another bean in its constructor, so that it is created after that one. */
    @ContextScoped("job")
    static class Checkout implements DisposableBean {

        private final Basket basket;

        Checkout(Basket basket) {
            this.basket = basket;
            LOG.add("create checkout of " + basket.items());
        }

        List<String> pay() {
            return basket.items();
        }

        @Override
        public void destroy() {
            LOG.add("destroy checkout of " + basket.items());
        }
    }

    @ContextScoped("job")
    static class Report implements AutoCloseable {

        private final Database database;

        Report() {
            database = DATABASE.get();
            LOG.add("create report");
        }

        Database database() {
            return database;
        }

        @Override
        public void close() {
            LOG.add("close report");
        }
    }

    /** The objects that a singleton and a prototype are given. */
    record Users(Basket basket) {
    }

    interface Named {

        String name();
    }

    record NamedByInterface(String name) implements Named {
    }

    @Configuration
    @ImportAutoConfiguration(BeanContextAutoConfiguration.class)
    @Import({Basket.class, Checkout.class, Report.class})
    static class Application {

        @Bean
        NamedContext job() {
            return JOB;
        }

        @Bean
        Users singleton(Basket basket) {
            return new Users(basket);
        }

        @Bean
        @Scope("prototype")
        Users prototype(Basket basket) {
            return new Users(basket);
        }

        @Bean
        @ContextScoped(value = "job", proxyMode = ScopedProxyMode.INTERFACES)
        Named byInterface() {
            return new NamedByInterface("named");
        }

        @Bean
        @ContextScoped(value = "job", proxyMode = ScopedProxyMode.NO)
        StringBuilder withoutProxy() {
            return new StringBuilder();
        }

        @Bean(destroyMethod = "")
        @ContextScoped("job")
        List<String> withArgument(@Nullable String argument) {
            return new ArrayList<>(List.of("first", String.valueOf(argument)));
        }
    }

    @BeforeAll
    static void start() {
        application = new AnnotationConfigApplicationContext(Application.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void clearLog() {
        LOG.clear();
    }

    private static Basket basket() {
        return application.getBean(Basket.class);
    }

    @Test
    void anInstanceIsCreatedAtTheFirstUseAndClosedAtTheEnd() {
        JOB.session().run(() -> {
            Basket basket = basket();
            assertThat(LOG).isEmpty();
            basket.put("tea");
            basket.put("milk");
            assertThat(basket.items()).containsExactly("tea", "milk");
            assertThat(LOG).containsExactly("create basket");
        });
        assertThat(LOG).containsExactly("create basket", "close basket");
        JOB.session().run(() -> assertThat(basket().items()).isEmpty());
    }

    @Test
    void instancesAreDestroyedInReverseOrderOfCreation() {
        JOB.session().run(() -> {
            basket().put("tea");
            LOG.clear();
            assertThat(application.getBean(Checkout.class).pay()).containsExactly("tea");
        });
        assertThat(LOG).containsExactly("create checkout of [tea]", "destroy checkout of [tea]", "close basket");
    }

    @Test
    void aDependencyThatIsCreatedMeanwhileIsDestroyedLater() {
        JOB.session().run(() -> assertThat(application.getBean(Checkout.class).pay()).isEmpty());
        assertThat(LOG).containsExactly("create basket", "create checkout of []", "destroy checkout of []",
                "close basket");
    }

    @Test
    void beansAndResourcesAreClosedInOneOrder() {
        JOB.session().run(() -> assertThat(application.getBean(Report.class).database()).isSameAs(DATABASE.get()));
        assertThat(LOG).containsExactly("open database", "create report", "close report", "close database");
    }

    @Test
    void hooksOfTheContextRunBeforeInstancesAreDestroyed() {
        NamedContext own = NamedContext.named("own");
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean("job", NamedContext.class, () -> own);
            context.register(BeanContextAutoConfiguration.class, Basket.class);
            context.refresh();
            Basket basket = context.getBean(Basket.class);
            own.onSessionExit(failure -> LOG.add("hook finds " + basket.items() + " after " + failure.getMessage()));
            assertThatThrownBy(() -> own.session().run(() -> {
                basket.put("tea");
                throw new IllegalStateException("body");
            })).hasMessage("body").hasNoSuppressedExceptions();
        }
        assertThat(LOG).containsExactly("create basket", "hook finds [tea] after body", "close basket");
    }

    @Test
    void aSingletonAndAPrototypeFindTheInstanceOfTheSession() {
        Users singleton = application.getBean("singleton", Users.class);
        Users prototype = application.getBean("prototype", Users.class);
        for (int i = 0; i < 2; i++) {
            JOB.session().run(() -> {
                singleton.basket().put("tea");
                assertThat(prototype.basket().items()).containsExactly("tea");
                assertThat(prototype.basket().self()).isSameAs(singleton.basket().self());
            });
        }
    }

    @Test
    void anInnerSessionHasItsOwnInstanceAndAnOverlayHasNot() {
        JOB.session().run(() -> {
            basket().put("outer");
            JOB.overlay().run(() -> basket().put("overlay"));
            JOB.session().run(() -> {
                assertThat(basket().items()).isEmpty();
                basket().put("inner");
            });
            assertThat(basket().items()).containsExactly("outer", "overlay");
        });
        assertThat(LOG).containsExactly("create basket", "create basket", "close basket", "close basket");
    }

    @Test
    void anOverlayMayCreateTheInstance() {
        JOB.session().run(() -> {
            JOB.overlay().run(() -> basket().put("overlay"));
            assertThat(LOG).containsExactly("create basket");
            assertThat(basket().items()).containsExactly("overlay");
        });
    }

    @Test
    void subtasksShareOneInstanceThatIsCreatedOnce() throws Exception {
        int tasks = 32;
        CyclicBarrier start = new CyclicBarrier(tasks);
        Set<Object> seen = Collections.newSetFromMap(new ConcurrentHashMap<>());
        JOB.session().call(() -> {
            try (var scope = TaskScope.open()) {
                for (int i = 0; i < tasks; i++) {
                    scope.fork(() -> {
                        start.await();
                        seen.add(basket().self());
                        basket().put("tea");
                        return null;
                    });
                }
                scope.join();
            }
            assertThat(basket().items()).hasSize(tasks);
            assertThat(seen).containsExactly(basket().self());
            return null;
        });
        assertThat(LOG).containsExactly("create basket", "close basket");
    }

    @Test
    void theInterruptedThreadDestroysToo() {
        JOB.session().run(() -> {
            basket().put("tea");
            Thread.currentThread().interrupt();
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(LOG).containsExactly("create basket", "close basket");
    }

    @Test
    void outsideOfASessionTheMessageNamesTheContextToEnter() {
        Basket basket = basket();
        assertThatThrownBy(basket::items).isInstanceOf(ScopeNotActiveException.class)
                .hasMessageStartingWith("Bean 'basket' cannot be used here. No session of context"
                        + " 'job' is active on Thread[")
                .hasMessageContaining(": enter one with session().where(key, value).run(...)")
                .hasMessageNotContaining("scopedTarget")
                .hasRootCauseInstanceOf(UnboundContextException.class);
        assertThat(LOG).isEmpty();
    }

    @Test
    void aProviderOffersNoInstanceOutsideOfASession() {
        ObjectProvider<StringBuilder> provider = application.getBeanProvider(StringBuilder.class);
        assertThat(provider.getIfAvailable()).isNull();
        JOB.session().run(() -> assertThat(provider.getObject()).isSameAs(provider.getObject()));
    }

    @Test
    void aTaskThatOutlivesTheSessionCannotUseTheInstance() {
        ContextSnapshot snapshot = JOB.session().call(() -> {
            basket().put("tea");
            return ScopedContext.capture();
        });
        Supplier<Object> late = snapshot.wrapSupplier(() -> basket().items());
        assertThatThrownBy(late::get).isInstanceOf(ScopeNotActiveException.class)
                .hasMessageContaining("is gone: the session of context 'job' that it was a part of has ended");
    }

    @Test
    void aTaskThatCreatesAnInstanceAtTheEndOfTheSessionClosesIt() throws Exception {
        CountDownLatch creating = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        NamedContext own = NamedContext.named("slow");
        try (var slow = new AnnotationConfigApplicationContext()) {
            slow.register(BeanContextAutoConfiguration.class, SlowApplication.class);
            slow.registerBean("slow", NamedContext.class, () -> own);
            slow.registerBean("waiting", Runnable.class, () -> () -> {
                creating.countDown();
                try {
                    ended.await();
                } catch (InterruptedException unexpected) {
                    throw new AssertionError(unexpected);
                }
            });
            slow.refresh();
            List<Throwable> failures = new ArrayList<>();
            Thread task = own.session().call(() -> {
                Thread thread = new Thread(ScopedContext.capture().wrap(() -> slow.getBean(SlowBean.class).use()));
                thread.setUncaughtExceptionHandler((of, failure) -> failures.add(failure));
                thread.start();
                creating.await();
                return thread;
            });
            ended.countDown();
            task.join();
            assertThat(failures).singleElement().isInstanceOf(ScopeNotActiveException.class);
            assertThat(LOG).containsExactly("close slow");
        }
    }

    @Import(SlowBean.class)
    static class SlowApplication {
    }

    @ContextScoped("slow")
    static class SlowBean implements AutoCloseable {

        SlowBean(Runnable waiting) {
            waiting.run();
        }

        void use() {
        }

        @Override
        public void close() {
            LOG.add("close slow");
        }
    }

    @Test
    void aProxyOfInterfacesForwards() {
        Named proxy = application.getBean(Named.class);
        assertThat(proxy).isNotInstanceOf(NamedByInterface.class);
        assertThat(JOB.session().<String, RuntimeException>call(proxy::name)).isEqualTo("named");
    }

    @Test
    void anInstanceGetsTheArgumentsOfItsOwnSession() {
        for (String user : List.of("alice", "bob")) {
            JOB.session().run(() -> assertThat(application.getBean("scopedTarget.withArgument", user))
                    .isEqualTo(List.of("first", user)));
        }
    }

    @Test
    void anInstanceCannotBeRemovedFromItsSession() {
        JOB.session().run(() -> {
            basket().put("tea");
            assertThatThrownBy(() -> ((ScopedObject) basket()).removeFromScope())
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("Bean 'basket' cannot be removed from its session: it is destroyed"
                            + " when the session ends. Enter another session for a new instance");
        });
    }

    @Test
    void aCallbackCanBeAddedToAnInstance() {
        String bean = "scopedTarget.basket";
        org.springframework.beans.factory.config.Scope scope = application.getBeanFactory()
                .getRegisteredScope("context.job");
        JOB.session().run(() -> {
            assertThatThrownBy(() -> scope.registerDestructionCallback(bean, () -> LOG.add("callback")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Bean 'basket' has no instance in the current session that a callback"
                            + " could be registered for: register it while the session is active");
            basket().put("tea");
            scope.registerDestructionCallback(bean, () -> LOG.add("callback"));
        });
        assertThat(LOG).containsExactly("create basket", "callback", "close basket");
    }
}
