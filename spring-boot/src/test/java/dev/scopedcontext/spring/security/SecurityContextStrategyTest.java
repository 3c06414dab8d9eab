package dev.scopedcontext.spring.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.BackendReport;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.task.Subtask;
import dev.scopedcontext.task.TaskScope;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.context.TransientSecurityContext;

/** The strategy in scopes and on other threads. */
@Timeout(60)
class SecurityContextStrategyTest {

    private static final LocalSecurityContextStrategy STRATEGY = LocalSecurityContextStrategy.INSTANCE;

    private static final Authentication ALICE = new TestingAuthenticationToken("alice", "");
    private static final Authentication ADMIN = new TestingAuthenticationToken("admin", "");

    private SecurityContextHolderStrategy before;

    @BeforeEach
    void install() {
        before = SecurityContextHolder.getContextHolderStrategy();
        SecurityContextHolder.setContextHolderStrategy(STRATEGY);
    }

    @AfterEach
    void uninstall() {
        assertThat(STRATEGY.isInScope()).as("a scope is left on the thread").isFalse();
        assertThat(current()).as("what is left on the thread").isNull();
        SecurityContextHolder.clearContext();
        SecurityContextHolder.setContextHolderStrategy(before);
    }

    private static Authentication current() {
        return SecurityContextHolder.getContext().getAuthentication();
    }

    private static void become(Authentication authentication) {
        SecurityContextHolder.getContext().setAuthentication(authentication);
    }

    @Test
    void aContextThatIsReadCanBeChanged() {
        LocalSecurityContextStrategy.SCOPE.run(() -> {
            assertThat(current()).isNull();
            become(ALICE);
            assertThat(current()).isSameAs(ALICE);
            assertThat(SecurityContextHolder.getContext()).isSameAs(SecurityContextHolder.getContext());
            SecurityContextHolder.clearContext();
            assertThat(current()).isNull();
        });
    }

    @Test
    void aScopeStartsEmptyAndRestoresThePreviousContext() {
        LocalSecurityContextStrategy.SCOPE.run(() -> {
            become(ALICE);
            LocalSecurityContextStrategy.SCOPE.run(() -> {
                assertThat(current()).isNull();
                become(ADMIN);
            });
            assertThat(current()).isSameAs(ALICE);
        });
        assertThat(current()).isNull();
        SecurityContextHolder.clearContext();
    }

    @Test
    void outsideOfScopesTheContextBelongsToTheThread() throws Exception {
        become(ALICE);
        try {
            List<Authentication> seen = new ArrayList<>();
            Runnable task = ScopedContext.capture().wrap(() -> {
                seen.add(current());
            });
            Thread other = new Thread(task);
            other.start();
            other.join();
            assertThat(seen).containsExactly((Authentication) null);
            assertThat(current()).isSameAs(ALICE);
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    @Test
    void outsideOfScopesThePreviousStrategyKeepsTheContext() {
        SecurityContextHolderStrategy previous = ofThreads();
        previous.setContext(new SecurityContextImpl(ALICE));
        assertThat(current()).isSameAs(ALICE);
        SecurityScope.with(ADMIN).run(() -> {
            assertThat(current()).isSameAs(ADMIN);
            assertThat(previous.getContext().getAuthentication()).isSameAs(ALICE);
            SecurityContextHolder.clearContext();
            assertThat(current()).isNull();
        });
        SecurityContextHolder.setDeferredContext(() -> new SecurityContextImpl(ADMIN));
        assertThat(previous.getContext().getAuthentication()).isSameAs(ADMIN);
        SecurityContextHolder.clearContext();
        assertThat(previous.getContext().getAuthentication()).isNull();
    }

    /** Returns another instance of the strategy that is the default, whose contexts are static. */
    private static SecurityContextHolderStrategy ofThreads() {
        SecurityContextHolder.setStrategyName(SecurityContextHolder.MODE_THREADLOCAL);
        SecurityContextHolderStrategy ofThreads = SecurityContextHolder.getContextHolderStrategy();
        SecurityContextHolder.setContextHolderStrategy(STRATEGY);
        return ofThreads;
    }

    @Test
    void nullIsRefusedAsBySpring() {
        assertThatThrownBy(() -> SecurityContextHolder.setContext(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Only non-null SecurityContext instances are permitted");
        assertThatThrownBy(() -> SecurityContextHolder.setDeferredContext(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Only non-null Supplier instances are permitted");
        LocalSecurityContextStrategy.SCOPE.run(() -> {
            SecurityContextHolder.setDeferredContext(() -> null);
            assertThatThrownBy(SecurityContextHolder::getContext).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A Supplier<SecurityContext> returned null and is not allowed.");
        });
    }

    @Test
    void anInheritedContextIsSharedWithoutThisStrategy() throws Exception {
        SecurityContextHolder.setStrategyName(SecurityContextHolder.MODE_INHERITABLETHREADLOCAL);
        try {
            become(ALICE);
            Thread child = new Thread(() -> become(ADMIN));
            child.start();
            child.join();
            assertThat(current()).as("the parent is what the child became").isSameAs(ADMIN);
        } finally {
            SecurityContextHolder.clearContext();
            SecurityContextHolder.setStrategyName(SecurityContextHolder.MODE_THREADLOCAL);
        }
    }

    @Test
    void aDelegatedContextIsSharedWithoutThisStrategy() throws Exception {
        SecurityContextHolder.setStrategyName(SecurityContextHolder.MODE_THREADLOCAL);
        try {
            become(ALICE);
            Thread child = new Thread(new DelegatingSecurityContextRunnable(() -> become(ADMIN)));
            child.start();
            child.join();
            assertThat(current()).as("the caller is what the task became").isSameAs(ADMIN);
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    @Test
    void aSubtaskHasTheAuthenticationOfItsParentInAContextOfItsOwn() throws Exception {
        SecurityScope.with(ALICE).call(() -> {
            SecurityContext parent = SecurityContextHolder.getContext();
            try (var scope = TaskScope.open()) {
                Subtask<Authentication> subtask = scope.fork(() -> {
                    assertThat(SecurityContextHolder.getContext()).isNotSameAs(parent).isEqualTo(parent);
                    Authentication inherited = current();
                    become(ADMIN);
                    assertThat(current()).isSameAs(ADMIN);
                    return inherited;
                });
                scope.join();
                assertThat(subtask.get()).isSameAs(ALICE);
            }
            assertThat(SecurityContextHolder.getContext()).isSameAs(parent);
            assertThat(current()).isSameAs(ALICE);
            return null;
        });
    }

    @Test
    void subtasksDoNotSeeEachOther() throws Exception {
        int tasks = 16;
        CyclicBarrier changed = new CyclicBarrier(tasks);
        SecurityScope.with(ALICE).call(() -> {
            try (var scope = TaskScope.open()) {
                for (int i = 0; i < tasks; i++) {
                    Authentication own = new TestingAuthenticationToken("task" + i, "");
                    scope.fork(() -> {
                        assertThat(current()).isSameAs(ALICE);
                        become(own);
                        changed.await();
                        assertThat(current()).isSameAs(own);
                        return null;
                    });
                }
                scope.join();
            }
            assertThat(current()).isSameAs(ALICE);
            return null;
        });
    }

    @Test
    void aTaskKeepsTheAuthenticationOfItsSubmission() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            ExecutorService propagating = ContextExecutors.propagating(pool);
            SecurityScope.with(ALICE).call(() -> {
                CyclicBarrier barrier = new CyclicBarrier(2);
                var first = propagating.submit(() -> {
                    barrier.await();
                    return current();
                });
                become(ADMIN); // changes the context that was captured
                barrier.await();
                assertThat(first.get()).isSameAs(ALICE);
                var second = propagating.submit(() -> SecurityContextHolder.setContext(new SecurityContextImpl(ALICE)));
                second.get();
                assertThat(current()).isSameAs(ADMIN);
                return null;
            });
            assertThat(pool.submit(() -> current()).get()).as("left on the thread").isNull();
        } finally {
            pool.shutdown();
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void eachRunOfASnapshotHasAContextOfItsOwn() {
        ContextSnapshot snapshot = SecurityScope.with(ALICE).call(ScopedContext::capture);
        for (int i = 0; i < 2; i++) {
            snapshot.run(() -> {
                assertThat(current()).isSameAs(ALICE);
                become(ADMIN);
            });
        }
    }

    @Test
    void aDeferredContextIsLoadedAtTheFirstUse() {
        AtomicInteger loads = new AtomicInteger();
        LocalSecurityContextStrategy.SCOPE.run(() -> {
            SecurityContextHolder.setDeferredContext(counting(loads));
            Supplier<SecurityContext> deferred = SecurityContextHolder.getDeferredContext();
            assertThat(loads).hasValue(0);
            assertThat(deferred.get().getAuthentication()).isSameAs(ALICE);
            assertThat(current()).isSameAs(ALICE);
            assertThat(loads).hasPositiveValue();
        });
        LocalSecurityContextStrategy.SCOPE.run(() -> {
            SecurityContextHolder.setDeferredContext(counting(loads));
            loads.set(0);
        });
        assertThat(loads).as("not loaded to be removed").hasValue(0);
    }

    private static Supplier<SecurityContext> counting(AtomicInteger loads) {
        return () -> {
            loads.incrementAndGet();
            return new SecurityContextImpl(ALICE);
        };
    }

    @Test
    void aDeferredContextIsLoadedByTheCapturingThread() throws Exception {
        List<Thread> loading = new ArrayList<>();
        LocalSecurityContextStrategy.SCOPE.call(() -> {
            SecurityContextHolder.setDeferredContext(() -> {
                loading.add(Thread.currentThread());
                return new SecurityContextImpl(ALICE);
            });
            try (var scope = TaskScope.open()) {
                scope.fork(() -> assertThat(current()).isSameAs(ALICE));
                scope.join();
            }
            return null;
        });
        assertThat(loading).containsOnly(Thread.currentThread());
    }

    @Test
    void aContextThatCannotBeLoadedFailsOnlyIfItIsUsed() throws Exception {
        LocalSecurityContextStrategy.SCOPE.call(() -> {
            SecurityContextHolder.setDeferredContext(() -> {
                throw new IllegalStateException("no session store");
            });
            try (var scope = TaskScope.open()) {
                Subtask<String> unaffected = scope.fork(() -> "result");
                scope.fork(() -> assertThatThrownBy(SecurityContextHolder::getContext)
                        .isInstanceOf(IllegalStateException.class).hasMessage("no session store"));
                scope.join();
                assertThat(unaffected.get()).isEqualTo("result");
            }
            return null;
        });
    }

    @Test
    void aCopyOfATransientContextIsTransient() {
        LocalSecurityContextStrategy.SCOPE.run(() -> {
            SecurityContextHolder.setContext(new TransientSecurityContext(ALICE));
            ScopedContext.capture().run(() -> assertThat(SecurityContextHolder.getContext())
                    .isInstanceOf(TransientSecurityContext.class).extracting(SecurityContext::getAuthentication)
                    .isSameAs(ALICE));
        });
    }

    /** Reads the security context while a context is handed over. */
    private static final ContextKey<List<Authentication>> READING = ContextKey.<List<Authentication>>builder("reading")
            .handOff(HandOff.perTask(list -> {
                list.add(current());
                return list;
            }, list -> {
            })).build();

    @Test
    void theContextCanBeReadDuringAHandOff() {
        List<Authentication> seen = new ArrayList<>();
        ScopedContext.where(READING, seen).run(() -> {
            LocalSecurityContextStrategy.SCOPE.run(() -> ScopedContext.capture().run(() -> {
            }));
            SecurityScope.with(ALICE).run(() -> ScopedContext.capture().run(() -> {
            }));
        });
        assertThat(seen).containsExactly(null, ALICE);
    }

    @Test
    void aForkOfTheJdkHasAContextOfItsOwn() throws Exception {
        SecurityScope.with(ALICE).call(() -> {
            boolean inherits = ScopedContext.backend().kind() == BackendReport.Kind.SCOPED_VALUE;
            Authentication inherited = inherits ? ALICE : null;
            assertThat(forkedByTheJdk(() -> {
                Authentication found = current();
                become(ADMIN);
                assertThat(current()).isSameAs(ADMIN);
                return found;
            })).isSameAs(inherited);
            assertThat(current()).isSameAs(ALICE);
            return null;
        });
    }

    /** Forks with the JDK's own {@code StructuredTaskScope}, or, before JDK 25, with a thread. */
    private static Authentication forkedByTheJdk(Callable<Authentication> task) throws Exception {
        if (Runtime.version().feature() < 25) {
            FutureTask<Authentication> result = new FutureTask<>(task);
            new Thread(result).start();
            return result.get();
        }
        Class<?> type = Class.forName("java.util.concurrent.StructuredTaskScope");
        Method get = Class.forName("java.util.concurrent.StructuredTaskScope$Subtask").getMethod("get");
        try (AutoCloseable scope = (AutoCloseable) type.getMethod("open").invoke(null)) {
            Object subtask = type.getMethod("fork", Callable.class).invoke(scope, task);
            type.getMethod("join").invoke(scope);
            return (Authentication) get.invoke(subtask);
        }
    }

    @Test
    void aLaterPieceOfAScopeOnAnotherThreadContinuesTheContext() throws Exception {
        OpenScope scope = SecurityScope.with(ALICE).open();
        SecurityContext first = scope.call(SecurityContextHolder::getContext);
        FutureTask<Authentication> second = new FutureTask<>(() -> scope.call(() -> {
            assertThat(SecurityContextHolder.getContext()).isNotSameAs(first)
                    .isSameAs(SecurityContextHolder.getContext());
            return current();
        }));
        new Thread(second).start();
        assertThat(second.get()).isSameAs(ALICE);
        scope.close();
    }
}
