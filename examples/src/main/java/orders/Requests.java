package orders;

import static orders.Current.LOCALE;
import static orders.Current.REQUEST;
import static orders.Current.REQUEST_ID;
import static orders.Current.TENANT;
import static orders.Current.USER;

import com.sun.net.httpserver.HttpExchange;
import dev.scopedcontext.named.Session;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import service.HttpError;

/** Reads the user and the language from a request. */
final class Requests {

    private Requests() {
    }

    /** Sets the user, and returns a session with the id and the language of the request. */
    static Session session(HttpExchange exchange) {
        String user = header(exchange, "X-User")
                .orElseThrow(() -> new HttpError(401, "no X-User"));
        Locale locale = header(exchange, "Accept-Language").map(Requests::language).orElse(TENANT.get().language());
        USER.set(user);
        return REQUEST.session().where(REQUEST_ID, REQUEST_ID.get()).where(LOCALE, locale);
    }

    /** Returns a session with the values of the current request, and with a transaction of its own. */
    static Session another() {
        return REQUEST.session().where(REQUEST_ID, REQUEST_ID.get()).where(LOCALE, LOCALE.get());
    }

    private static @Nullable Locale language(String ranges) {
        try {
            return Locale.lookup(LanguageRange.parse(ranges), Phrases.LANGUAGES);
        } catch (IllegalArgumentException e) {
            throw new HttpError(400, "no languages: " + ranges);
        }
    }

    private static Optional<String> header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }
}
