package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** The examples of docs/guide/testing.md: tests as a user writes them, without the extensions of this suite. */
class TestingPageTest {

    // @start region="code"
    static final ContextKey<String> USER = ContextKey.named("user");

    static String page() {
        return "Hello " + USER.get();
    }
    // @end

    // @start region="call"
    @Test
    void thePageGreetsTheUser() {
        String page = ScopedContext.where(USER, "alice").call(() -> page());
        assertThat(page).isEqualTo("Hello alice");
    }

    @Test
    void thePageNeedsAUser() {
        assertThatThrownBy(() -> page()).isInstanceOf(UnboundContextException.class).hasMessageContaining("user");
    }
    // @end

    @Nested
    class EachTestInABinding {

        // @start region="attach"
        private Attachment attached;

        @BeforeEach
        void attach() {
            attached = ScopedContext.where(USER, "alice").attach();
        }

        @AfterEach
        void close() {
            attached.close();
        }
        // @end

        @Test
        void isBound() {
            assertThat(page()).isEqualTo("Hello alice");
        }
    }

    // @start region="extension"
    static final class AsAlice implements InvocationInterceptor {

        @Override
        public void interceptTestMethod(InvocationInterceptor.Invocation<Void> test,
                ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
            ScopedContext.where(USER, "alice").<Void, Throwable>call(() -> test.proceed());
        }
    }
    // @end

    @Nested
    @ExtendWith(AsAlice.class)
    class EachTestInARun {

        @Test
        void isBound() {
            assertThat(page()).isEqualTo("Hello alice");
        }
    }

    // @start region="declared"
    interface Connection extends AutoCloseable {

        String query(String sql);

        @Override
        default void close() {
        }
    }

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> CUSTOMER = REQUEST.key("customer", String.class);
    static final ResourceKey<Connection> DB = REQUEST.resource("db", Connection.class, () -> connect());

    static String orders() {
        return DB.get().query("select * from orders where customer = '" + CUSTOMER.get() + "'");
    }
    // @end

    static Connection connect() {
        return sql -> {
            throw new IllegalStateException("There is no database here");
        };
    }

    // @start region="fake"
    @Test
    void ordersAreThoseOfTheCustomer() {
        Connection fake = sql -> "result of " + sql;
        String orders = REQUEST.session().with(Map.of("customer", "alice", "db", fake)).call(() -> orders());
        assertThat(orders).isEqualTo("result of select * from orders where customer = 'alice'");
    }
    // @end

    // @start region="hand-over"
    @Test
    void theWorkerSeesTheUserAndKeepsNothing() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Executor executor = ContextExecutors.propagating(pool);
            List<String> pages = new ArrayList<>();
            ScopedContext.where(USER, "alice").run(() -> executor.execute(() -> pages.add(page())));
            Future<Boolean> bound = pool.submit(() -> USER.isBound()); // runs after it, on the same thread
            assertThat(bound.get()).isFalse();
            assertThat(pages).containsExactly("Hello alice");
        } finally {
            pool.shutdown();
        }
    }
    // @end

    // @start region="snapshot"
    @Test
    void theTaskCapturesTheUser() {
        ContextSnapshot taken = ScopedContext.where(USER, "alice").call(() -> ScopedContext.capture());
        assertThat(taken.keys()).containsExactly(USER);
        assertThat(taken.find(USER)).contains("alice");
        assertThat(taken.call(() -> page())).isEqualTo("Hello alice");
    }
    // @end

    // @start region="clean"
    static final Local LOCAL = Local.named("web");

    @AfterEach
    void nothingIsLeft() {
        assertThat(ScopedContext.capture().keys()).isEmpty();
        assertThat(LOCAL.asMap()).isEmpty();
    }
    // @end

    @Test
    void theCheckFindsWhatIsLeft() {
        LOCAL.set("message", "left");
        Attachment left = ScopedContext.where(USER, "alice").attach();
        assertThatThrownBy(this::nothingIsLeft).hasMessageContaining("user");
        left.close();
        assertThatThrownBy(this::nothingIsLeft).hasMessageContaining("message");
        LOCAL.clear();
    }
}
