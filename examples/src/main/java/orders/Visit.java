package orders;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One request: the faults of its response, and the lines and spans that logs and traces must contain. */
final class Visit {

    private final String id;
    private final Tenant tenant;
    private final String user;
    private final Locale locale;
    private final List<String> faults = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private Optional<String> audit = Optional.empty();
    private Optional<List<String>> trace = Optional.empty();
    private long nanos;

    Visit(String id, Tenant tenant, String user, Locale locale) {
        this.id = id;
        this.tenant = tenant;
        this.user = user;
        this.locale = locale;
    }

    HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        request.header("X-Request-Id", id).header("Accept-Language", locale.toLanguageTag());
        long start = System.nanoTime();
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        nanos = System.nanoTime() - start;
        String echo = answer.headers().firstValue("X-Request-Id").orElse("none");
        expect(echo.equals(id), "got the request id " + echo);
        return answer;
    }

    void expectStatus(HttpResponse<String> answer, int status) {
        expect(answer.statusCode() == status, "got " + answer.statusCode() + " " + answer.body());
    }

    /** Expects a page with these texts in this order, signed for this tenant, user and request. */
    void expectPage(HttpResponse<String> answer, List<String> texts) {
        expectStatus(answer, 200);
        int position = 0;
        for (String text : texts) {
            int found = answer.body().indexOf(text, position);
            expect(found >= 0, "got no " + text + " in " + answer.body());
            position = Math.max(position, found + text.length());
        }
        String signature = "\n" + String.join(", ", tenant.name(), user, id) + "\n";
        expect(answer.body().endsWith(signature), "got no " + signature + " in " + answer.body());
    }

    void expectWithin(Duration time) {
        expect(nanos <= time.toNanos(), "got an answer after " + nanos / 1_000_000 + " ms");
    }

    void expect(boolean condition, String otherwise) {
        if (!condition) {
            faults.add("request " + id + " to " + tenant.name() + " as " + user + " " + otherwise);
        }
    }

    void expectAudit(String action) {
        audit = Optional.of(String.join(", ", id, tenant.name(), user, action));
    }

    void expectLogged(String service, String message) {
        logged.add("%-7s [%s] %s".formatted(service, id, message));
    }

    void expectTrace(List<String> spans) {
        trace = Optional.of(spans);
    }

    Phrases say() {
        return Phrases.in(locale);
    }

    String date(LocalDate date) {
        return date.format(DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(locale));
    }

    String money(BigDecimal amount) {
        return money(amount, tenant);
    }

    String money(BigDecimal amount, Tenant shop) {
        NumberFormat format = NumberFormat.getCurrencyInstance(locale);
        format.setCurrency(shop.currency());
        format.setMinimumFractionDigits(2);
        return format.format(amount);
    }

    String id() {
        return id;
    }

    Tenant tenant() {
        return tenant;
    }

    String user() {
        return user;
    }

    List<String> faults() {
        return faults;
    }

    List<String> logged() {
        return logged;
    }

    Optional<String> audit() {
        return audit;
    }

    Optional<List<String>> trace() {
        return trace;
    }

    long nanos() {
        return nanos;
    }
}
