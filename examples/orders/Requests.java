package orders;

import static orders.Current.LOCALE;
import static orders.Current.REQUEST_ID;
import static orders.Current.TENANT;
import static orders.Current.USER;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.ScopedContext;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells from a request in whose name, for which tenant and in which language it is to be answered. */
final class Requests {

    private final Map<String, Tenant> tenants;

    Requests(List<Tenant> tenants) {
        this.tenants = tenants.stream().collect(Collectors.toMap(Tenant::name, Function.identity()));
    }

    /** Returns what is known of every request, even of one that cannot be answered. */
    Bindings received(HttpExchange exchange) {
        String id = header(exchange, "X-Request-Id").orElseGet(() -> UUID.randomUUID().toString());
        return ScopedContext.where(REQUEST_ID, id);
    }

    /** Returns what the layers below want to know. */
    Bindings accepted(HttpExchange exchange) {
        String name = exchange.getRequestURI().getPath().split("/", 3)[1];
        Tenant tenant = Optional.ofNullable(tenants.get(name))
                .orElseThrow(() -> new HttpError(400, "no tenant " + name));
        String user = header(exchange, "X-User")
                .orElseThrow(() -> new HttpError(401, "no X-User"));
        Locale locale = header(exchange, "Accept-Language").map(Requests::language).orElse(tenant.language());
        return ScopedContext.where(TENANT, tenant).where(USER, user).where(LOCALE, locale);
    }

    private static @Nullable Locale language(String ranges) {
        try {
            return Locale.lookup(LanguageRange.parse(ranges), Phrases.LANGUAGES);
        } catch (IllegalArgumentException e) {
            throw new HttpError(400, "no languages: " + ranges);
        }
    }

    private static Optional<String> header(HttpExchange exchange, String name) {
        Headers headers = exchange.getRequestHeaders();
        return Optional.ofNullable(headers.getFirst(name));
    }
}
