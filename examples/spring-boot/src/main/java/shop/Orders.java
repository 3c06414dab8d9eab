package shop;

import static shop.Shop.USER;

import dev.scopedcontext.task.TaskScopes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders. */
@RestController
class Orders {

    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    private final Basket basket;
    private final Ledger ledger;
    private final Prices prices;
    private final Mail mail;

    Orders(Basket basket, Ledger ledger, Prices prices, Mail mail) {
        this.basket = basket;
        this.ledger = ledger;
        this.prices = prices;
        this.mail = mail;
    }

    @PostMapping("/orders/{item}")
    String order(@PathVariable String item) throws Exception {
        basket.put(item + " for " + USER.get());
        String price = TaskScopes.par(() -> prices.ask(item), () -> isInStock(item), (found, inStock) -> {
            if (!inStock) {
                throw new IllegalStateException("no " + item + " left for " + USER.get());
            }
            return found;
        });
        mail.confirm(item);
        return "ordered " + item + ": " + price + "\n";
    }

    private static boolean isInStock(String item) {
        LOG.info("looks for {}", item);
        return !item.equals("coffee");
    }

    /** The session gets the exception too, although it becomes a response. */
    @ExceptionHandler
    @ResponseStatus(HttpStatus.CONFLICT)
    String refuse(IllegalStateException failure) {
        return failure.getMessage() + "\n";
    }

    @GetMapping("/orders")
    String orders() {
        return String.join("\n", ledger.orders()) + "\n";
    }

    @GetMapping("/prices/{item}")
    String price(@PathVariable String item) {
        LOG.info("is asked for the price of {}", item);
        return "3.50, as always for " + USER.get();
    }
}
