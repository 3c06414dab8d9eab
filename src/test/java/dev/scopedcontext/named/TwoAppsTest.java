package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** R34: one program, two applications of it in one process, one of which calls the other. */
@ExtendWith(CleanThread.class)
class TwoAppsTest {

    static final NamedContext APP = NamedContext.named("app");
    static final ContextKey<Config> CONFIG = APP.key("config", Config.class);
    static final Config config = APP.proxy("config", Config.class);

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> PATH = REQUEST.key("path", String.class);
    static final ResourceKey<Link> DB = REQUEST.resource("db", Link.class,
            () -> config.log().open("connection to " + config.database()));

    private final Link.Log log = new Link.Log();
    private final List<String> pages = new ArrayList<>();
    private final App billing = new App(new Settings("invoices", log, path -> view()));
    private final App shop = new App(new Settings("orders", log, path -> path.equals("/buy") ? buy() : view()));

    interface Config {

        String database();

        Link.Log log();

        View view();
    }

    record Settings(String database, Link.Log log, View view) implements Config {
    }

    interface View {

        String show(String path);
    }

    /** An application is its configuration, and enters both contexts for each request. */
    record App(Config settings) {

        String get(String path) {
            return APP.session().where(CONFIG, settings)
                    .call(() -> REQUEST.session().with(Map.of("path", path)).call(() -> config.view().show(path)));
        }
    }

    private String view() {
        return PATH.get() + " from " + DB.get();
    }

    private String buy() {
        String before = view();
        String invoice = billing.get("/invoice");
        assertThat(view()).isEqualTo(before);
        assertThat(config.database()).isEqualTo("orders");
        return before + ", with " + invoice;
    }

    @Test // R34
    void requestToOneAppThatCallsAnotherComesBackToItsOwn() {
        pages.add(shop.get("/buy"));
        pages.add(billing.get("/list"));
        assertThat(pages).containsExactly(
                "/buy from connection to orders, with /invoice from connection to invoices",
                "/list from connection to invoices");
        assertThat(log).containsExactly("open connection to orders", "open connection to invoices",
                "close connection to invoices", "close connection to orders", "open connection to invoices",
                "close connection to invoices");
    }

    @Test // R34
    void appsOnManyThreadsDoNotMix() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<String> wrong = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 4; i++) {
            App app = i % 2 == 0 ? shop : billing;
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 200; n++) {
                    String page = app.get("/list");
                    if (!page.equals("/list from connection to " + app.settings.database())) {
                        wrong.add(page);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).isEmpty();
        assertThat(log.open).hasValue(0);
    }
}
