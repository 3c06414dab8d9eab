package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalVar;
import dev.scopedcontext.micrometer.MicrometerCarrier;
import dev.scopedcontext.task.TaskScopes;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The variables of docs/guide/thread-local-cases.md, before and after. */
@ExtendWith(CleanThread.class)
class ThreadLocalCasesTest {

    record User(String name) {
    }

    record Request(User user) {
    }

    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    static class CountsPerThread {

        static final ThreadLocal<Integer> QUERIES = ThreadLocal.withInitial(() -> 0);

        static void query(String sql) {
            QUERIES.set(QUERIES.get() + 1);
        }
    }

    static class CountsPerRequest {

        static final ContextKey<AtomicInteger> QUERIES = ContextKey.named("queries");

        static int serve() throws Exception {
            AtomicInteger queries = new AtomicInteger();
            ScopedContext.where(QUERIES, queries).call(() -> TaskScopes.par(() -> query("a"), () -> query("b"),
                    String::concat));
            return queries.get();
        }

        static String query(String sql) {
            QUERIES.get().incrementAndGet();
            return sql;
        }
    }

    @Test
    void counterOfARequestCountsOnAllThreads() throws Exception {
        CountsPerThread.query("a");
        pool.submit(() -> CountsPerThread.query("b")).get();
        assertThat(CountsPerThread.QUERIES.get()).isEqualTo(1);
        CountsPerThread.QUERIES.remove();
        assertThat(CountsPerRequest.serve()).isEqualTo(2);
    }

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
    void valueThatIsSetInTheMiddleIsGoneAtTheEnd() {
        assertThat(new SetInTheMiddle().serve(new Request(new User("alice")))).isEqualTo("Welcome, alice");
        assertThat(SetInTheMiddle.MESSAGE.isBound()).isFalse();
    }

    static class InitialPerThread {

        static final ThreadLocal<List<String>> WARNINGS = ThreadLocal.withInitial(() -> new ArrayList<>());
    }

    static class InitialPerRequest {

        static final Local LOCAL = Local.named("request");
        static final LocalVar<List<String>> WARNINGS = LOCAL.var("warnings");
        static final LocalManager MANAGER = LocalManager.of(LOCAL);

        static void warn(String warning) {
            WARNINGS.computeIfAbsent(() -> new ArrayList<>()).add(warning);
        }
    }

    @Test
    void initialValueIsCreatedForEachRequest() {
        InitialPerThread.WARNINGS.get().add("stays");
        assertThat(InitialPerThread.WARNINGS.get()).containsExactly("stays");
        InitialPerThread.WARNINGS.remove();
        for (int i = 0; i < 2; i++) {
            InitialPerRequest.MANAGER.run(() -> {
                InitialPerRequest.warn("one");
                assertThat(InitialPerRequest.WARNINGS.get()).containsExactly("one");
            });
        }
    }

    @Test
    void defaultIsOneObject() throws Exception {
        ContextKey<List<String>> warnings = ContextKey.withDefault("warnings", new ArrayList<>());
        warnings.get().add("here");
        assertThat(pool.submit(() -> warnings.get()).get()).containsExactly("here");
    }

    static class NeverRemoves {

        static final ThreadLocal<String> TENANT = new ThreadLocal<>();

        static void enter(String tenant) {
            TENANT.set(tenant);
        }
    }

    static class RemovedByTheManager {

        static final Local LOCAL = Local.named("request");
        static final LocalVar<String> TENANT = LOCAL.var("tenant", String.class);
        static final LocalManager MANAGER = LocalManager.of(LOCAL);

        static void enter(String tenant) {
            TENANT.set(tenant);
        }

        static void serve(Runnable request) {
            MANAGER.run(request);
        }
    }

    @Test
    void valueThatNobodyRemovesGoesWithItsRequest() throws Exception {
        pool.submit(() -> NeverRemoves.enter("acme")).get();
        assertThat(pool.submit(() -> NeverRemoves.TENANT.get()).get()).isEqualTo("acme");
        pool.submit(() -> RemovedByTheManager.serve(() -> {
            RemovedByTheManager.enter("acme");
            assertThat(RemovedByTheManager.TENANT.get()).isEqualTo("acme");
        })).get();
        assertThat(pool.submit(() -> RemovedByTheManager.TENANT.isSet()).get()).isFalse();
    }

    /** Stands for a holder of Spring, whose accessor has the same form. */
    static class Holder {

        static final ThreadLocal<String> LOCALE = new ThreadLocal<>();

        static final ThreadLocalAccessor<String> ACCESSOR = new ThreadLocalAccessor<>() {
            @Override
            public Object key() {
                return "locale";
            }

            @Override
            public String getValue() {
                return LOCALE.get();
            }

            @Override
            public void setValue(String value) {
                LOCALE.set(value);
            }

            @Override
            public void setValue() {
                LOCALE.remove();
            }
        };
    }

    @Test
    void holderWithAnAccessorTravelsWithHandOffs() throws Exception {
        ContextRegistry registry = new ContextRegistry().registerThreadLocalAccessor(Holder.ACCESSOR);
        ContextSnapshotFactory factory = ContextSnapshotFactory.builder().contextRegistry(registry).build();
        Holder.LOCALE.set("fr");
        ContextSnapshot now = ScopedContext.carrying(MicrometerCarrier.of(factory)).call(() -> ScopedContext.capture());
        Holder.LOCALE.remove();
        assertThat(pool.submit(now.wrap(() -> Holder.LOCALE.get())).get()).isEqualTo("fr");
        assertThat(pool.submit(() -> Holder.LOCALE.get()).get()).isNull();
    }
}
