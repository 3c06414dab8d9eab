package shop;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The orders of all requests that have succeeded. */
@Component
class Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final List<String> orders = new CopyOnWriteArrayList<>();

    Ledger(Basket basket) {
        Shop.REQUEST.onSessionExit(failure -> end(basket, failure));
    }

    /** Commits or rolls back the orders of a request. */
    private void end(Basket basket, Throwable failure) {
        List<String> placed = basket.orders();
        if (failure == null) {
            orders.addAll(placed);
        }
        if (!placed.isEmpty()) {
            LOG.info(failure == null ? "committed {}" : "rolled back {}", placed);
        }
    }

    List<String> orders() {
        return List.copyOf(orders);
    }
}
