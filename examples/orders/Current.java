package orders;

import dev.scopedcontext.ContextKey;
import java.util.Locale;

/** What every layer knows of the request that it works for, without being told. */
final class Current {

    static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");
    static final ContextKey<Tenant> TENANT = ContextKey.named("tenant");
    static final ContextKey<String> USER = ContextKey.named("user");
    static final ContextKey<Locale> LOCALE = ContextKey.named("locale");

    private Current() {
    }
}
