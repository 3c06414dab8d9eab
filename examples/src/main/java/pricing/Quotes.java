package pricing;

import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.joining;
import static pricing.Wire.TARIFF;

import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.TaskScope;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import service.HttpError;
import service.Tracing;

/** Prices orders by the tariff of the current tenant. The lines of an order are priced concurrently. */
final class Quotes {

    /** The quantity from which pricing takes longer than any client waits. */
    private static final int BY_HAND = 1_000;
    private static final Duration THINKING = ofSeconds(30);

    private final Tracing tracing;
    private final Logger log;

    Quotes(Tracing tracing, Logger log) {
        this.tracing = tracing;
        this.log = log;
    }

    /** Returns the rate of the tax, the tax, and the price of each line. */
    String quote(List<Line> lines) throws InterruptedException {
        Tariff tariff = TARIFF.orElseThrow(() -> new HttpError(400, "no tenant that has a tariff"));
        List<BigDecimal> prices = prices(lines);
        BigDecimal net = prices.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal tax = tariff.tax(net);
        log.info("an order costs {} at {}", net.add(tax), tariff.tenant());
        return Stream.concat(Stream.of(tariff.taxRate(), tax), prices.stream())
                .map(BigDecimal::toPlainString).collect(joining(" "));
    }

    private List<BigDecimal> prices(List<Line> lines) throws InterruptedException {
        try (var scope = TaskScope.open(Joiner.<BigDecimal, RuntimeException>allSuccessfulOrThrow(HttpError::because),
                c -> c.withName("quote"))) {
            lines.forEach(line -> scope.fork(tracing.span("line", () -> price(line))));
            return scope.join();
        }
    }

    private static BigDecimal price(Line line) throws InterruptedException {
        if (line.quantity() >= BY_HAND) {
            Thread.sleep(THINKING.toMillis());
        }
        return TARIFF.get().price(line);
    }
}
