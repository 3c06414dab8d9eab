package orders;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalStack;
import dev.scopedcontext.local.LocalVar;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.slf4j.MdcMirror;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The values that every layer can read without parameters: those of the shop, and those of the request. */
final class Current {

    static final NamedContext APP = NamedContext.named("app");
    static final ContextKey<Tenant> TENANT = APP.key("tenant", Tenant.class);
    static final ContextKey<Shop> PARTNER = APP.key("partner", Shop.class);

    static final NamedContext REQUEST = NamedContext.named("request");

    /** The id of the request: in headers, on pages, and in each line of the log. */
    static final ContextKey<String> REQUEST_ID = REQUEST.key("id", String.class,
            key -> key.mirror(MdcMirror.to("requestId")));
    static final ContextKey<Locale> LOCALE = REQUEST.key("locale", Locale.class);

    /** Opened by the first statement, and closed at the end. Each task has a connection of its own. */
    private static final ResourceKey<Connection> DB = REQUEST
            .resource("db", Connection.class, () -> TENANT.get().database().open()).perTask();

    /** The connection of the current request: to the database of whichever shop that is a request to. */
    static final Connection db = REQUEST.proxy("db", Connection.class);

    /** Facts that are found out during a request, for code that runs later. They are empty when a request starts. */
    static final Local G = Local.named("g");
    static final LocalVar<String> USER = G.var("user", String.class);
    static final LocalVar<String> FLASH = G.var("flash", String.class);
    static final LocalStack<String> TRAIL = LocalStack.named("audit trail");
    static final LocalManager SCRATCH = LocalManager.of(G, TRAIL);

    static {
        REQUEST.onSessionExit(Current::endTransaction);
    }

    private Current() {
    }

    private static void endTransaction(@Nullable Throwable failure) {
        if (!DB.isOpen()) {
            return;
        }
        try {
            if (failure == null) {
                db.commit();
            } else {
                db.rollback();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("transaction of request " + REQUEST_ID.get() + " not ended", e);
        }
    }
}
