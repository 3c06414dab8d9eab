package shop;

import dev.scopedcontext.spring.bean.ContextScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/** The orders of one request. Each session of the context {@code request} has a basket of its own. */
@Component
@ContextScoped("request")
class Basket {

    private final List<String> orders = new CopyOnWriteArrayList<>();

    void put(String order) {
        orders.add(order);
    }

    List<String> orders() {
        return List.copyOf(orders);
    }
}
