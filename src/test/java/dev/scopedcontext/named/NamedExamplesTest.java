package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.task.TaskScopes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

/** The examples of the Javadoc. */
@ExtendWith(CleanThread.class)
class NamedExamplesTest {

    private static final List<String> LOG = new ArrayList<>();

    /** A connection to a database, but for the database. */
    interface Connection extends AutoCloseable {

        String query(String sql) throws IOException;

        void commit();

        void rollback();

        @Override
        void close() throws IOException;
    }

    record Config(String database) {

        Connection connect() throws IOException {
            LOG.add("open " + database);
            return new Connection() {
                @Override
                public String query(String sql) {
                    LOG.add(database + ": " + sql);
                    return "tea";
                }

                @Override
                public void commit() {
                    LOG.add("commit " + database);
                }

                @Override
                public void rollback() {
                    LOG.add("roll back " + database);
                }

                @Override
                public void close() {
                    LOG.add("close " + database);
                }
            };
        }
    }

    // @start region="declare"
    static final NamedContext APP = NamedContext.named("app");
    static final ContextKey<Config> CONFIG = APP.key("config", Config.class);

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);
    // @end

    // @start region="generic"
    static final ContextKey<Set<String>> ROLES = REQUEST.key("roles"); // a generic type needs no class
    // @end

    // @start region="configured"
    static final ContextKey<String> ID = REQUEST.key("id", String.class,
            key -> key.withDefault("-").mirror(MdcMirror.to("requestId")));
    // @end

    // @start region="resource"
    static final ResourceKey<Connection> DB = REQUEST.resource("db", Connection.class, () -> CONFIG.get().connect());
    // @end

    // @start region="proxy"
    static final Connection db = REQUEST.proxy("db", Connection.class);

    String orders() throws IOException {
        return db.query("select * from orders where customer = '" + USER.get() + "'");
    }
    // @end

    // @start region="per-task"
    static final ResourceKey<Connection> OWN = REQUEST.resource("own", Connection.class, () -> CONFIG.get().connect())
            .perTask();
    // @end

    static {
        // @start region="on-exit"
        REQUEST.onSessionExit(failure -> {
            if (DB.isOpen() && !REQUEST.isOverlaid()) { // only where it was used, and is closed next
                if (failure == null) {
                    DB.get().commit();
                } else {
                    DB.get().rollback();
                }
            }
        });
        // @end
    }

    String page(String user) throws IOException {
        // @start region="enter"
        return REQUEST.session().where(USER, user).call(() -> "Your orders: " + orders());
        // @end
    }

    @Test
    void connectionIsOpenedAtFirstUseCommittedAndClosed() throws IOException {
        LOG.clear();
        String page = APP.session().where(CONFIG, new Config("shop")).call(() -> page("alice"));
        assertThat(page).isEqualTo("Your orders: tea");
        assertThat(LOG).containsExactly("open shop", "shop: select * from orders where customer = 'alice'",
                "commit shop", "close shop");
    }

    @Test
    void connectionIsRolledBackAfterAFailure() {
        LOG.clear();
        assertThatThrownBy(() -> APP.session().where(CONFIG, new Config("shop")).run(() -> REQUEST.session().run(() -> {
            DB.get();
            throw new IllegalStateException("no stock");
        }))).hasMessage("no stock");
        assertThat(LOG).containsExactly("open shop", "roll back shop", "close shop");
    }

    @Test
    void connectionIsCommittedByItsSessionAndNotByAnOverlay() {
        LOG.clear();
        APP.session().where(CONFIG, new Config("shop")).run(() -> REQUEST.session().run(() -> {
            REQUEST.overlay().where(USER, "bob").run(DB::get);
            LOG.add("overlay left");
        }));
        assertThat(LOG).containsExactly("open shop", "overlay left", "commit shop", "close shop");
    }

    @Test
    void requestThatUsesNoConnectionOpensNone() {
        LOG.clear();
        APP.session().where(CONFIG, new Config("shop")).run(() -> REQUEST.session().run(() -> {
        }));
        assertThat(LOG).isEmpty();
    }

    @Test
    void valuesAndResourcesAreOverridden() throws IOException {
        LOG.clear();
        Config config = new Config("shop");
        Connection fake = new Config("fake").connect();
        APP.session().where(CONFIG, config).run(() -> {
            APP.session().run(() -> assertThat(CONFIG.isBound()).isFalse()); // a session hides the one around it
            APP.overlay().run(() -> assertThat(CONFIG.get()).isSameAs(config)); // an overlay adds to it
        });

        Session test = REQUEST.session().with(Map.of("user", "alice", "db", fake)); // used, and left open
        assertThat(test.call(() -> orders())).isEqualTo("tea");
        assertThat(LOG).doesNotContain("close fake");
    }

    @Test
    void eachTaskHasItsOwnConnection() throws Exception {
        LOG.clear();
        APP.session().where(CONFIG, new Config("shop")).call(() -> REQUEST.session().call(() -> //
        TaskScopes.par(() -> OWN.get().query("a"), () -> "b", (a, b) -> a + b)));
        assertThat(LOG).containsExactly("open shop", "shop: a", "close shop");
    }

    @Test
    void valueOfAGenericTypeNeedsNoClass() {
        REQUEST.session().where(ROLES, Set.of("admin")).run(() -> assertThat(ROLES.get().contains("admin")).isTrue());
    }

    @Test
    void valueOfASessionIsShownInTheLogAndHasADefault() {
        REQUEST.session().where(ID, "r1").run(() -> assertThat(MDC.get("requestId")).isEqualTo("r1"));
        assertThat(MDC.get("requestId")).isNull();
        assertThat(ID.get()).isEqualTo("-");
    }

    @Test
    void sessionGoesOnInPieces() throws Exception {
        LOG.clear();
        APP.session().where(CONFIG, new Config("shop")).call(() -> {
            // @start region="open"
            OpenScope session = REQUEST.session().where(USER, "alice").open();
            String first = session.call(() -> orders());
            String second = session.call(() -> orders()); // later, on any thread: by the same connection
            session.close(); // commits, and closes the connection
            // @end
            assertThat(first).isEqualTo(second);
            return null;
        });
        assertThat(LOG).endsWith("commit shop", "close shop").hasSize(5);
    }
}
